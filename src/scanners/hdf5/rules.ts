import type { Rule } from '../../core/rule.ts';

const REFERENCE_MAPS = ['CWE-73', 'CWE-200', 'CVE-2026-1669', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'] as const;

/** What the HDF5 scanner can find. */
export const HDF5_RULES = [
  {
    id: 'hdf5.external-link',
    title: 'Link to an object in another file',
    severity: 'high',
    why: 'Whoever opens the link makes the HDF5 library open the named file on the reader’s machine: local files leak into the model, and unscanned content is loaded.',
    fix: 'Copy the linked object into the file (`h5repack` or `h5copy`), or remove the link.',
    maps: REFERENCE_MAPS,
  },
  {
    id: 'hdf5.external-storage',
    title: 'Dataset whose values are in another file',
    severity: 'high',
    why: 'Reading the dataset reads raw bytes of any file that the reader may read, such as keys and passwords, which then become “weights” and leave with the model.',
    fix: 'Store the values in the file itself (`h5repack -l CONTI`)..',
    maps: REFERENCE_MAPS,
  },
  {
    id: 'hdf5.virtual-dataset',
    title: 'Virtual dataset made of other files',
    severity: 'high',
    why: 'Reading the dataset opens the named HDF5 files on the reader’s machine: unscanned content is loaded.',
    fix: 'Write the dataset out as an ordinary one before publishing it.',
    maps: REFERENCE_MAPS,
  },
  {
    id: 'hdf5.split-file',
    title: 'File is one part of several',
    severity: 'high',
    why: 'The driver information names other files that hold the rest; they were not scanned.',
    fix: 'Merge the parts into one file with `h5repack`.',
    maps: ['CWE-73', 'CWE-693'],
  },
  {
    id: 'hdf5.user-defined-link',
    title: 'Link of a user-defined type',
    severity: 'medium',
    why: 'Such links are resolved by code that a program registers with the HDF5 library. Model files have no use for them.',
    fix: 'Replace the link by a hard or soft link.',
    maps: ['CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'hdf5.unknown-filter',
    title: 'Data needs an unknown filter plugin',
    severity: 'medium',
    why: 'To read the data, the HDF5 library loads a shared library named for this filter from its plugin path: native code chosen by the file.',
    fix: 'Repack the data with an ordinary filter: `h5repack -f GZIP=4`.',
    maps: ['CWE-829', 'CWE-114', 'OWASP-LLM03:2025'],
  },
  {
    id: 'hdf5.shape-bomb',
    title: 'Dataset declares far more values than it stores',
    severity: 'high',
    why: 'A file of a few kilobytes makes the reader allocate the declared size and takes the process or the machine down.',
    fix: 'Do not load the file. Ordinary weights are stored in full.',
    maps: ['CWE-789', 'CWE-770', 'CVE-2026-0897', 'GHSA-xfhx-r7ww-5995', 'OWASP-LLM10:2025'],
  },
  {
    id: 'hdf5.malformed',
    title: 'HDF5 structure is broken',
    severity: 'high',
    why: 'Broken offsets and sizes are how memory errors in the C library are triggered, and what could not be read was not scanned.',
    fix: 'Fetch the file again and compare its digest with the publisher’s.',
    maps: ['CWE-20', 'CWE-1286', 'OWASP-LLM03:2025'],
  },
  {
    id: 'hdf5.polyglot',
    title: 'Another format in front of or behind the HDF5 content',
    severity: 'high',
    why: 'HDF5 readers look for their content behind a user block and ignore what follows it. One file is then a model to one program and something else to another.',
    fix: 'Ask the publisher for a plain HDF5 file, or write one with `h5repack`.',
    maps: ['CWE-436', 'OWASP-LLM03:2025'],
  },
  {
    id: 'hdf5.trailing-data',
    title: 'Unaccounted bytes behind the HDF5 content',
    severity: 'medium',
    why: 'HDF5 readers ignore these bytes; they can carry a payload that another program picks up.',
    fix: 'Rewrite the file with `h5repack`, which drops them.',
    maps: ['CWE-436'],
  },
] as const satisfies readonly Rule[];

/** A rule of the HDF5 scanner. */
export type Hdf5RuleId = (typeof HDF5_RULES)[number]['id'];
