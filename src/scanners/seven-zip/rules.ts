import type { Rule } from '../../core/rule.ts';

/** What can be wrong with a 7z archive as a container. Its members are judged by the scanners of their own formats. */
export const SEVEN_ZIP_RULES = [
  {
    id: 'seven-zip.encrypted',
    title: 'Archive is encrypted',
    severity: 'high',
    why: 'Encrypted content cannot be scanned; whoever knows the password still loads it.',
    fix: 'Ask for an archive without encryption.',
    maps: ['CWE-693'],
  },
  {
    id: 'seven-zip.unsupported-method',
    title: 'Content is compressed by a method that is not read',
    severity: 'high',
    why: 'Content that was not read cannot be called safe.',
    fix: 'Repack the archive with LZMA2, or as zip.',
    maps: ['CWE-693'],
  },
  {
    id: 'seven-zip.broken',
    title: 'Archive is broken or ends early',
    severity: 'high',
    why: 'Unpackers hand out what comes before the break; what lies behind it was not scanned.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-20'],
  },
  {
    id: 'seven-zip.path-traversal',
    title: 'Member name leads outside the target folder',
    severity: 'high',
    why: 'Unpacking writes over files elsewhere: start-up scripts, keys, installed packages.',
    fix: 'Do not unpack it. Ask the publisher for an archive with relative names.',
    maps: ['CWE-22'],
  },
  {
    id: 'seven-zip.link-outside',
    title: 'Symbolic link leads outside the archive',
    severity: 'high',
    why: 'Once unpacked, reading or writing through the link reaches files that were not delivered.',
    fix: 'Do not unpack it. Ask the publisher for the files themselves instead of links.',
    maps: ['CWE-59'],
  },
  {
    id: 'seven-zip.duplicate-name',
    title: 'Two members have the same name',
    severity: 'high',
    why: 'Some readers take the first and some the last: a scanner and a loader may look at different content.',
    fix: 'Unpack it in isolation, check what came out and pack it again.',
    maps: ['CWE-436'],
  },
  {
    id: 'seven-zip.unclaimed-data',
    title: 'Bytes that belong to no member',
    severity: 'high',
    why: 'Unpackers ignore what their headers do not name; readers of other formats find it there.',
    fix: 'Unpack it in isolation, check what came out and pack it again.',
    maps: ['CWE-436', 'CWE-912'],
  },
] as const satisfies readonly Rule[];

export type SevenZipRuleId = (typeof SEVEN_ZIP_RULES)[number]['id'];
