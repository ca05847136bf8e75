import { beginsLikeFlatBuffer } from '../flatbuffer/probe.ts';
import type { Signature } from '../signature.ts';

/** A TensorFlow Lite model: a flatbuffer with the identifier TFL3 (TFL1 and TFL2 long ago). */
export const tflite: Signature = {
  format: 'tflite',
  matches: (head) => beginsLikeFlatBuffer(head, /^TFL[1-9]$/),
};
