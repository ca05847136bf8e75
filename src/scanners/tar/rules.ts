import type { Rule } from '../../core/rule.ts';

/** What can be wrong with a tar archive as a container. Its members are judged by the scanners of their own formats. */
export const TAR_RULES = [
  {
    id: 'tar.path-traversal',
    title: 'Member name leads outside the target folder',
    severity: 'high',
    why: 'Unpacking writes over files elsewhere: start-up scripts, keys, installed packages.',
    fix: 'Do not unpack it. Ask the publisher for an archive with relative names.',
    maps: ['CWE-22'],
  },
  {
    id: 'tar.link-outside',
    title: 'Link leads outside the archive',
    severity: 'high',
    why: 'Once unpacked, reading or writing through the link reaches files that were not delivered.',
    fix: 'Do not unpack it. Ask the publisher for the files themselves instead of links.',
    maps: ['CWE-59', 'CWE-22'],
  },
  {
    id: 'tar.device',
    title: 'Member is a device or pipe',
    severity: 'high',
    why: 'No model needs one. Unpacked with privileges it gives access to disks and memory.',
    fix: 'Do not unpack it.',
    maps: ['CWE-66'],
  },
  {
    id: 'tar.duplicate-name',
    title: 'Two members have the same name',
    severity: 'high',
    why: 'Some readers take the first and some the last: a scanner and a loader may look at different content.',
    fix: 'Unpack it in isolation, check what came out and pack it again.',
    maps: ['CWE-436'],
  },
  {
    id: 'tar.bad-checksum',
    title: 'Header of a member has a wrong checksum',
    severity: 'high',
    why: 'Strict readers stop or skip here and others go on, so that they see different members.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-354', 'CWE-436'],
  },
  {
    id: 'tar.cut-off',
    title: 'Archive ends early',
    severity: 'high',
    why: 'Loaders use what they got before the end; what is missing was not scanned.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-20'],
  },
  {
    id: 'tar.sparse',
    title: 'Member is stored sparse',
    severity: 'high',
    why: 'What is unpacked has holes put back in and is other content than was scanned.',
    fix: 'Pack the archive again without sparse files.',
    maps: ['CWE-693'],
  },
  {
    id: 'tar.trailing-data',
    title: 'Data after the end of the archive',
    severity: 'high',
    why: 'Bytes behind the end mark are ignored by most readers, found by readers of other formats and by `tar --ignore-zeros`.',
    fix: 'Unpack it in isolation, check what came out and pack it again.',
    maps: ['CWE-912', 'CWE-436'],
  },
] as const satisfies readonly Rule[];

export type TarRuleId = (typeof TAR_RULES)[number]['id'];
