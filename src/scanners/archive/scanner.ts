import { fileScanner } from '../../core/plugin.ts';
import { unreadContainer } from '../../formats/archive/signature.ts';

/** Containers that are recognised but not read: nothing in them was scanned, and that must be said. */
export const archiveScanner = fileScanner({
  id: 'archive',
  title: 'Archives that are not read',
  rules: [
    {
      id: 'archive.unread-container',
      title: 'Container of a kind that is not read',
      severity: 'high',
      why: 'Whatever is inside was not scanned. Unusual containers are used to carry malicious models past scanners.',
      fix: 'Unpack it in isolation and scan what comes out, or ask for a zip or tar archive.',
      maps: ['CWE-693', 'OWASP-LLM03:2025'],
    },
  ],
  accepts: (subject) => (subject.format === 'rar' || subject.format === 'archive') && !subject.opaque,
  *inspect({ format, head, source }, context) {
    const name = format === 'rar' ? 'RAR' : (unreadContainer(head, source)?.name ?? 'unknown container');
    context.inconclusive(`content of the container (${name}) was not read`);
    yield { rule: 'archive.unread-container', key: name, message: `${name}: the content was not read` };
  },
});
