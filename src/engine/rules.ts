import type { Rule } from '../core/rule.ts';

/** What the engine itself reports: where reading stopped, and bytes that are not what their name says. */
export const ENGINE_RULES = [
  {
    id: 'engine.limit-reached',
    title: 'A scan limit was reached',
    severity: 'high',
    why: 'What lies behind the limit was not read. Hostile files hide payloads behind decompression bombs, deep nesting and slow structures.',
    fix: 'Check where the file comes from. If it is legitimate, raise the limit named in the message.',
    maps: ['CWE-400', 'CWE-409'],
  },
  {
    id: 'engine.malformed',
    title: 'Structure is broken or ends early',
    severity: 'high',
    why: 'Parsers disagree on broken input: what Cordon cannot read to its end, a loader may still execute.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-20', 'CWE-1286'],
  },
  {
    id: 'engine.unsupported',
    title: 'Content uses a feature that could not be read',
    severity: 'high',
    why: 'Content that was not read cannot be called safe.',
    fix: 'Repack the content with an ordinary compression method and scan it again.',
    maps: ['CWE-693'],
  },
  {
    id: 'engine.encrypted',
    title: 'Content is encrypted',
    severity: 'high',
    why: 'Encrypted members cannot be scanned; loaders that know the password still read them.',
    fix: 'Ask for the content without encryption.',
    maps: ['CWE-693'],
  },
  {
    id: 'engine.scanner-failed',
    title: 'A scanner failed on this content',
    severity: 'high',
    why: 'A scanner that failed has seen only a part. Hostile files are built to make scanners fail.',
    fix: 'Report it with the message shown; until then treat the file as unscanned.',
    maps: ['CWE-693'],
  },
  {
    id: 'engine.timeout',
    title: 'The scan of this file was stopped',
    severity: 'high',
    why: 'The file took more time or memory than the limits allow, so it was not read to its end.',
    fix: 'Check where the file comes from. If it is legitimate, raise the time or heap limit.',
    maps: ['CWE-400'],
  },
  {
    id: 'engine.unreadable',
    title: 'File could not be read',
    severity: 'medium',
    why: 'A file that cannot be read cannot be called safe.',
    fix: 'Give the scanning user read permission and scan again.',
    maps: ['CWE-693'],
  },
  {
    id: 'engine.outside-link',
    title: 'Symbolic link leads outside the scanned folder',
    severity: 'medium',
    why: 'The link makes a loader read a file that was not delivered and not scanned.',
    fix: 'Replace the link by the file, or scan the folder that holds its target.',
    maps: ['CWE-59'],
  },
  {
    id: 'engine.special-file',
    title: 'Special file among ordinary files',
    severity: 'medium',
    why: 'Pipes, sockets and devices have no content to scan and can block or surprise a reader.',
    fix: 'Remove it from the folder.',
    maps: ['CWE-66'],
  },
  {
    id: 'engine.polyglot',
    title: 'File is two formats at once',
    severity: 'high',
    why: 'One reader sees a harmless file where another sees an archive or a program: a way past scanners that look at one of the two.',
    fix: 'Ask the publisher for a file in one format. Ordinary tools do not write such files.',
    maps: ['CWE-436', 'PAIT-PYTCH-100'],
  },
] as const satisfies readonly Rule[];

export type EngineRuleId = (typeof ENGINE_RULES)[number]['id'];
