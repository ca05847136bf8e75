import type { Budget } from '../../core/budget.ts';
import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';

/** Exactly `length` bytes, copied; throws `format.truncated` when there are fewer. */
export function readExactly(source: ByteSource, offset: number, length: number): Uint8Array {
  const bytes = source.read(offset, length);
  if (bytes.length < length) throw truncated(`expected ${length} bytes, found ${bytes.length}`, offset);
  // Why not slice: a Buffer's slice shares its memory.
  return new Uint8Array(bytes);
}

/** The whole content, copied; throws `limit.reached` when it is larger than the buffer limit. */
export function readAll(source: ByteSource, budget: Budget): Uint8Array {
  budget.checkBuffer(source.size);
  return readExactly(source, 0, source.size);
}

/** A `DataView` over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** True when `bytes` has `signature` (bytes, or Latin-1 text) at `offset`. */
export function hasBytes(bytes: Uint8Array, signature: string | readonly number[], offset = 0): boolean {
  if (bytes.length < offset + signature.length) return false;
  for (let i = 0; i < signature.length; i++) {
    const expected = typeof signature === 'string' ? signature.charCodeAt(i) : signature[i];
    if (bytes[offset + i] !== expected) return false;
  }
  return true;
}

/** Bytes as text, one UTF-16 unit a byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Bytes as text; malformed sequences become U+FFFD. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
