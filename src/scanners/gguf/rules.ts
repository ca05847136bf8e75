import type { Rule } from '../../core/rule.ts';

const CONVERT = 'Convert the model again from its original weights, or ask the publisher for a proper file.';
const FETCH = 'Fetch the file again and compare its digest with the publisher’s.';

/** What the GGUF scanner can find. */
export const RULES = [
  {
    id: 'gguf.broken-structure',
    title: 'GGUF count, length or type that cannot be',
    severity: 'high',
    why: 'Counts and lengths beyond the file overflow the allocations of native loaders. Also what a broken download looks like.',
    fix: FETCH,
    maps: ['CWE-190', 'CWE-122', 'GHSA-vgg9-87g3-85w8'],
  },
  {
    id: 'gguf.type-confusion',
    title: 'Well-known key has another type than loaders expect',
    severity: 'high',
    why: 'Native loaders cast the value to the type they expect and read beyond it.',
    fix: CONVERT,
    maps: ['CWE-843', 'CWE-125'],
  },
  {
    id: 'gguf.duplicate-key',
    title: 'Metadata key or tensor name occurs twice',
    severity: 'high',
    why: 'One loader takes the first, another the last: two models in one file, of which only one was evaluated.',
    fix: CONVERT,
    maps: ['CWE-436', 'CWE-694'],
  },
  {
    id: 'gguf.parameter-range',
    title: 'Model parameter outside what loaders can hold',
    severity: 'high',
    why: 'Loaders index arrays of fixed size by these numbers and write beyond them.',
    fix: CONVERT,
    maps: ['CWE-787', 'CWE-1284'],
  },
  {
    id: 'gguf.tensor-shape',
    title: 'Tensor dimensions overflow or do not fit their type',
    severity: 'high',
    why: 'The product of the dimensions overflows in native loaders, so they allocate less than they write.',
    fix: CONVERT,
    maps: ['CWE-190', 'CWE-122', 'GHSA-vgg9-87g3-85w8'],
  },
  {
    id: 'gguf.tensor-bounds',
    title: 'Tensor lies outside the file',
    severity: 'high',
    why: 'Loaders map the file into memory and read beyond its end. Also what a broken download looks like.',
    fix: FETCH,
    maps: ['CWE-125'],
  },
  {
    id: 'gguf.tensor-overlap',
    title: 'Tensors overlap or are off the alignment',
    severity: 'high',
    why: 'No writer does this. Bytes that belong to two tensors let two loaders see two models; unaligned ones crash native code.',
    fix: CONVERT,
    maps: ['CWE-436', 'CWE-125'],
  },
  {
    id: 'gguf.stray-data',
    title: 'Bytes that belong to no tensor',
    severity: 'high',
    why: 'Bytes that the loader never reads carry payloads: another format in the same file, or data smuggled past review.',
    fix: CONVERT,
    maps: ['CWE-436', 'CWE-506'],
  },
  {
    id: 'gguf.unknown-type',
    title: 'Tensor type that no released ggml knows',
    severity: 'medium',
    why: 'Its size cannot be checked. Forks of llama.cpp have such types; so do files that aim at unchecked table lookups.',
    fix: 'Load the file only with the fork it was made for.',
    maps: ['CWE-129'],
  },
] as const satisfies readonly Rule[];

export type GgufRuleId = (typeof RULES)[number]['id'];
