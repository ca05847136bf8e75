import type { Rule } from '../../core/rule.ts';

/** What a checkpoint in MessagePack should not hold. */
export const MSGPACK_RULES = [
  {
    id: 'msgpack.unknown-extension',
    title: 'Unknown MessagePack extension type',
    severity: 'medium',
    why: 'Extension types are decoded by code of the application. Types of its own are where applications put pickles and code.',
    fix: 'Find out which program writes this type and what it does on decoding, or export the weights as safetensors.',
    maps: ['CWE-502'],
  },
  {
    id: 'msgpack.pickled-leaf',
    title: 'Pickle among the values',
    severity: 'medium',
    why: 'Weights need no pickle. Libraries such as msgpack-numpy unpickle such values while they decode the document.',
    fix: 'Export the weights as safetensors.',
    maps: ['CWE-502'],
  },
] as const satisfies readonly Rule[];
