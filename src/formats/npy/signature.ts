import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** A NumPy array file. */
export const npy: Signature = { format: 'npy', matches: (head) => hasBytes(head, '\x93NUMPY') };
