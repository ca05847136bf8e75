import { isReadable } from './readable.ts';
import type { Edit } from './edit.ts';

/** Bytes with where each came from, as a decoder of a text encoding produces them. */
export interface SourcedBytes {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

/** Room for `capacity` bytes and their origins. */
export function sourcedBytes(capacity: number): { bytes: Uint8Array; starts: Int32Array; ends: Int32Array; count: number } {
  return { bytes: new Uint8Array(capacity), starts: new Int32Array(capacity), ends: new Int32Array(capacity), count: 0 };
}

/** The edit that shows the bytes as text (UTF-8 or UTF-16LE); undefined where they are no readable text. */
export function bytesEdit(start: number, end: number, source: SourcedBytes, by: string): Edit | undefined {
  const decoded = looksUtf16(source) ? fromUtf16(source) : fromUtf8(source);
  if (!decoded || !(isReadable(decoded.text) || isPlainAscii(source))) return undefined;
  return { start, end, by, ...decoded };
}

/**
 * Bytes that are all printable ASCII, however few letters: by chance a row of this length is not, so it is text, perhaps encoded again
 * (hex or Morse within Base64).
 */
function isPlainAscii({ bytes, count }: SourcedBytes): boolean {
  if (count < MIN_ASCII) return false;
  for (let at = 0; at < count; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7e || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)) return false;
  }
  return true;
}

const MIN_ASCII = 24;

interface DecodedUnits {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

function looksUtf16({ bytes, count }: SourcedBytes): boolean {
  if (count < 6) return false;
  const pairs = Math.min(count >> 1, 32);
  let zeros = 0;
  for (let at = 0; at < pairs; at++) if (bytes[at * 2 + 1] === 0 && bytes[at * 2] !== 0) zeros++;
  return zeros * 10 >= pairs * 9;
}

function fromUtf16({ bytes, starts, ends, count }: SourcedBytes): DecodedUnits {
  const length = count >> 1;
  const from = new Int32Array(length);
  const to = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    from[at] = starts[at * 2] ?? 0;
    to[at] = ends[at * 2 + 1] ?? 0;
  }
  return { text: Buffer.from(bytes.buffer, bytes.byteOffset, length * 2).toString('utf16le'), starts: from, ends: to };
}

/** Strict UTF-8, except that a last character may be cut off. */
function fromUtf8({ bytes, starts, ends, count }: SourcedBytes): DecodedUnits | undefined {
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const units = new Uint16Array(count);
  let length = 0;
  for (let at = 0; at < count;) {
    const first = bytes[at] ?? 0;
    const size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (size === 0) return undefined;
    if (at + size > count) break;
    let code = size === 1 ? first : first & (0x7f >> size);
    for (let next = 1; next < size; next++) {
      const byte = bytes[at + next] ?? 0;
      if ((byte & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (byte & 0x3f);
    }
    const parts = code > 0xffff ? [0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff)] : [code];
    for (const unit of parts) {
      units[length] = unit;
      from[length] = starts[at] ?? 0;
      to[length] = ends[at + size - 1] ?? 0;
      length++;
    }
    at += size;
  }
  if (length === 0) return undefined;
  return { text: Buffer.from(units.buffer, 0, length * 2).toString('utf16le'), starts: from, ends: to };
}
