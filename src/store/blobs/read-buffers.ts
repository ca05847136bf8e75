/** Bytes per read. */
export const READ_BYTES = 1 << 18;
/** Buffers kept for the next reads: 16 MiB. */
const KEPT = 64;

const free: ArrayBuffer[] = [];
const out = new WeakSet<ArrayBufferLike>();

/** A buffer for one read. Why lent: memory that is new for each read costs as much as the reading. */
export function takeBuffer(): Buffer {
  const memory = free.pop() ?? (Buffer.allocUnsafeSlow(READ_BYTES).buffer as ArrayBuffer);
  out.add(memory);
  return Buffer.from(memory);
}

/**
 * Gives back what was read, for another read. Only for whoever alone still has the bytes and is through with them; what was not
 * lent, or was given back already, is left alone. Nobody has to: what is not given back is collected.
 */
export function giveBack(chunk: Uint8Array): void {
  const memory = chunk.buffer as ArrayBuffer;
  if (out.delete(memory) && free.length < KEPT) free.push(memory);
}
