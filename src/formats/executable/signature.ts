import type { Signature } from '../signature.ts';
import { recogniseExecutable } from './recognise.ts';

/** Native code, byte code, shortcuts and scripts that carry a binary payload. Plain scripts are text. */
export const executable: Signature = {
  format: 'executable',
  matches: (head, source) => recogniseExecutable(head, source) !== undefined,
};
