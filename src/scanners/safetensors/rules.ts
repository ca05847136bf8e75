import type { Rule } from '../../core/rule.ts';

const REBUILD = 'Load the file once in a sandbox with the reference library and save it again, or ask the publisher for a proper file.';

/** What the safetensors scanner can find. */
export const RULES = [
  {
    id: 'safetensors.header-oversize',
    title: 'safetensors header longer than any reader accepts',
    severity: 'high',
    why: 'The reference reader refuses headers above 100 MB; readers without that limit are driven out of memory.',
    fix: REBUILD,
    maps: ['CWE-400', 'CWE-789'],
  },
  {
    id: 'safetensors.header-irregular',
    title: 'safetensors header is not what the format defines',
    severity: 'high',
    why: 'Readers disagree on fields, types and dtypes that the format does not define, so what was checked is not what is loaded.',
    fix: REBUILD,
    maps: ['CWE-20', 'CWE-436'],
  },
  {
    id: 'safetensors.duplicate-key',
    title: 'safetensors header has a key twice',
    severity: 'high',
    why: 'One reader takes the first tensor of that name, another the last: two models in one file, of which only one was evaluated.',
    fix: REBUILD,
    maps: ['CWE-436', 'CWE-694'],
  },
  {
    id: 'safetensors.tensor-bounds',
    title: 'Tensor lies outside the file',
    severity: 'high',
    why: 'Offsets beyond the buffer make careless readers read foreign memory. Also what a broken download looks like.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-125', 'CWE-1284'],
  },
  {
    id: 'safetensors.size-mismatch',
    title: 'Tensor length contradicts its shape and dtype',
    severity: 'high',
    why: 'Readers that trust the shape read beyond the tensor, or overflow when they multiply it.',
    fix: REBUILD,
    maps: ['CWE-131', 'CWE-190'],
  },
  {
    id: 'safetensors.tensor-overlap',
    title: 'Tensors overlap in the buffer',
    severity: 'high',
    why: 'The format forbids it. Bytes that belong to two tensors let two readers see two models.',
    fix: REBUILD,
    maps: ['CWE-436'],
  },
  {
    id: 'safetensors.hole',
    title: 'Bytes between tensors belong to none',
    severity: 'high',
    why: 'The format forbids holes, because they carry payloads: another format in the same file, or data smuggled past review.',
    fix: REBUILD,
    maps: ['CWE-436', 'CWE-506'],
  },
  {
    id: 'safetensors.trailing-data',
    title: 'Bytes behind the last tensor',
    severity: 'high',
    why: 'The format forbids them. An appended archive or pickle makes the file something else to another loader.',
    fix: REBUILD,
    maps: ['CWE-436', 'CWE-506'],
  },
  {
    id: 'safetensors.metadata-target',
    title: 'Metadata names code to instantiate',
    severity: 'medium',
    why: 'Libraries that pass metadata to Hydra `instantiate` or an unsafe YAML loader call whatever it names.',
    fix: 'Do not load the file with a library that instantiates classes from metadata, or remove the entry.',
    maps: ['CWE-470', 'CWE-502', 'CVE-2025-23304', 'OWASP-LLM03:2025'],
  },
  {
    id: 'safetensors.metadata-payload',
    title: 'Metadata carries an encoded file',
    severity: 'high',
    why: 'A pickle, archive or program inside a metadata string is a payload that some loader code unpacks.',
    fix: 'Remove the metadata entry; tensors do not need it.',
    maps: ['CWE-506', 'CWE-502'],
  },
] as const satisfies readonly Rule[];

export type SafetensorsRuleId = (typeof RULES)[number]['id'];
