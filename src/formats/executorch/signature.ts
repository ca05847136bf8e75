import { beginsLikeFlatBuffer } from '../flatbuffer/probe.ts';
import type { Signature } from '../signature.ts';

/** An ExecuTorch program: a flatbuffer with the identifier ET12 or one of its relatives. */
export const executorch: Signature = {
  format: 'executorch',
  matches: (head) => beginsLikeFlatBuffer(head, /^ET\d\d$/),
};
