import type { Signature } from '../signature.ts';
import { readPointer } from './pointer.ts';

/** A pointer in the place of content: exact, so that a text that quotes one is still text. */
export const lfsPointer: Signature = {
  format: 'lfs-pointer',
  matches: (head, source) => readPointer(head) !== undefined && source.size === head.length,
};
