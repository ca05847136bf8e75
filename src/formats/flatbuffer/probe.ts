import { viewOf } from '../bytes/read.ts';

/** True when the bytes begin like a flatbuffer with this identifier: root and table of offsets lie where they can. */
export function beginsLikeFlatBuffer(head: Uint8Array, identifier: RegExp): boolean {
  if (head.length < 16) return false;
  const view = viewOf(head);
  if (!identifier.test(String.fromCharCode(head[4] ?? 0, head[5] ?? 0, head[6] ?? 0, head[7] ?? 0))) return false;
  const root = view.getUint32(0, true);
  if (root < 8 || root % 2 !== 0) return false;
  if (root + 4 > head.length) return root < 2 ** 31;
  const table = root - view.getInt32(root, true);
  if (table < 4 || table + 4 > head.length) return table >= 4;
  const size = view.getUint16(table, true);
  return size >= 4 && size % 2 === 0 && view.getUint16(table + 2, true) >= 4;
}
