import type { Rule } from '../../core/rule.ts';

/** What a name can promise and the content not keep. */
export const NAME_RULES = [
  {
    id: 'name.disguised-code',
    title: 'Code under the name of harmless data',
    severity: 'high',
    why: 'The name makes people, allow lists and scanners treat the file as plain data, while a loader that looks at the content executes it.',
    fix: 'Do not load it. Ask the publisher for a file in the format that the name promises.',
    maps: ['CWE-434', 'CWE-646', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
  {
    id: 'name.mismatch',
    title: 'Content is not what the file name says',
    severity: 'medium',
    why: 'Scanners and loaders that trust the name treat the content as something else than it is.',
    fix: 'Rename the file to what it is, or replace it by a file in the promised format.',
    maps: ['CWE-436', 'CWE-646'],
  },
  {
    id: 'name.misnomer',
    title: 'Harmless content under the extension of another format',
    severity: 'info',
    why: 'Nothing in it is executed, but tools that choose a reader by the name will fail.',
    fix: 'Rename the file to what it is.',
    maps: [],
  },
  {
    id: 'name.unrecognised',
    title: 'Model file whose content no scanner recognises',
    severity: 'medium',
    why: 'The name makes a loader open the file, but its content could not be read, so nothing can be said about it.',
    fix: 'Check where the file comes from and which program reads it; convert it to a known format such as safetensors.',
    maps: ['CWE-693'],
  },
  {
    id: 'name.error-page',
    title: 'Error page saved as a model',
    severity: 'medium',
    why: 'The download failed and the server’s answer was stored in the place of the model. The model itself was not scanned.',
    fix: 'Download the file again, with the access rights it needs, and scan that.',
    maps: ['CWE-345'],
  },
  {
    id: 'name.empty',
    title: 'Empty model file',
    severity: 'medium',
    why: 'There is no model in it: an interrupted download or export, or a placeholder.',
    fix: 'Fetch or export the file again and scan that.',
    maps: ['CWE-345'],
  },
] as const satisfies readonly Rule[];
