import type { Rule } from '../../core/rule.ts';

/** What can be wrong with an array file. */
export const NPY_RULES = [
  {
    id: 'npy.object-array',
    title: 'Array of Python objects',
    severity: 'low',
    why: 'Such data is a pickle. NumPy refuses it unless it is told allow_pickle=True; the pickle itself is judged by its own rules.',
    fix: 'Save numbers and strings in arrays of their own types, and load with allow_pickle=False.',
    maps: ['CWE-502'],
  },
  {
    id: 'npy.size-mismatch',
    title: 'Shape does not fit the data',
    severity: 'high',
    why: 'A shape larger than the data makes readers allocate without bound or read past the end; the file is cut off or forged.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-130', 'CWE-789'],
  },
  {
    id: 'npy.appended-data',
    title: 'Data behind the array',
    severity: 'medium',
    why: 'NumPy ignores what follows the array, so it is a hiding place; a second loader may find it.',
    fix: 'Load the array and save it again.',
    maps: ['CWE-1286'],
  },
  {
    id: 'npy.unusual-dtype',
    title: 'Element type that NumPy does not write',
    severity: 'medium',
    why: 'NumPy builds types from many spellings, object types among them; a spelling that it never writes itself was made to mislead readers.',
    fix: 'Load the array and save it again.',
    maps: ['CWE-20'],
  },
] as const satisfies readonly Rule[];
