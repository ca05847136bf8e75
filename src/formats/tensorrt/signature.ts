import { hasBytes, viewOf } from '../bytes/read.ts';
import { looksLikeText } from '../text/signature.ts';
import type { Signature } from '../signature.ts';

const MAGIC = ['ftrt', 'ptrt'];

/** A serialised TensorRT engine, also behind the length-prefixed JSON metadata that Ultralytics writes in front of it. */
export const tensorrt: Signature = {
  format: 'tensorrt',
  matches: (head, source) => isEngine(head) || isEngine(behindMetadata(head, source.read.bind(source))),
};

function isEngine(bytes: Uint8Array): boolean {
  return bytes.length >= 24 && MAGIC.some((magic) => hasBytes(bytes, magic)) && !looksLikeText(bytes);
}

function behindMetadata(head: Uint8Array, read: (offset: number, length: number) => Uint8Array): Uint8Array {
  if (head.length < 8 || head[4] !== 0x7b) return new Uint8Array();
  const length = viewOf(head).getUint32(0, true);
  return length > 1 && length < 1 << 20 ? read(4 + length, 24) : new Uint8Array();
}
