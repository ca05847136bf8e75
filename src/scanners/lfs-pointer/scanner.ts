import { fileScanner } from '../../core/plugin.ts';
import { readPointer } from '../../formats/lfs-pointer/pointer.ts';

/** Reports files whose content was never fetched: what was not seen is not clean. */
export const lfsPointerScanner = fileScanner({
  id: 'lfs-pointer',
  title: 'Git LFS and Xet pointers',
  rules: [
    {
      id: 'lfs-pointer.content-absent',
      title: 'Pointer in the place of the content',
      severity: 'medium',
      why: 'The file only names content that is kept elsewhere. The content itself was not scanned, whatever it is.',
      fix: 'Run `git lfs pull` (or download the file itself) and scan again.',
      maps: ['CWE-693'],
    },
  ],
  accepts: (subject) => subject.format === 'lfs-pointer',
  *inspect(subject, context) {
    const pointer = readPointer(subject.head);
    if (!pointer) return;
    const store = pointer.store === 'git-lfs' ? 'Git LFS' : 'Xet';
    context.notScanned(`${store} pointer: the content is absent`);
    yield {
      rule: 'lfs-pointer.content-absent',
      key: pointer.store,
      message: `This is a ${store} pointer to ${pointer.size} bytes that were not downloaded, so they were not scanned.`,
      evidence: { oid: pointer.id, size: pointer.size },
    };
  },
});
