import { hasBytes, latin1, utf8 } from '../bytes/read.ts';

/** Everything in a tar file comes in blocks of this size. */
export const BLOCK = 512;
const CHECKSUM = { start: 148, end: 156 } as const;

/** One tar header block, as it stands: long names and pax records are applied later. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  /** Bytes of content; NaN where the field is not a number. */
  readonly size: number;
  /** One character: '0' or NUL for a file, '5' for a folder, ... */
  readonly type: string;
  readonly linkName: string;
  /** The stored checksum is that of the block, in one of the two ways that are in use. */
  readonly checksumFits: boolean;
  readonly ustar: boolean;
}

/** Reads a header block, whatever it holds. */
export function parseTarHeader(block: Uint8Array): TarHeader {
  const ustar = hasBytes(block, 'ustar', 257);
  // GNU tar uses the place of the prefix for other things.
  const prefix = ustar && block[263] === 0x30 ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8),
    size: number(block, 124, 12),
    type: String.fromCharCode(block[156] ?? 0),
    linkName: text(block, 157, 100),
    checksumFits: checksumFits(block),
    ustar,
  };
}

/** True for a block of zeros, two of which end an archive. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Text up to the first NUL; Latin-1 where it is no UTF-8. */
export function text(block: Uint8Array, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  const bytes = end < 0 ? field : field.subarray(0, end);
  const decoded = utf8(bytes);
  return decoded.includes('\uFFFD') ? latin1(bytes) : decoded;
}

/** An octal number with blanks or NULs around it, or a big-endian one where the first bit is set. */
function number(block: Uint8Array, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first >= 0x80) {
    let value = first === 0xff ? -1 : first & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (block[start + i] ?? 0);
    return value;
  }
  const digits = text(block, start, length).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function checksumFits(block: Uint8Array): boolean {
  if (block.length < BLOCK) return false;
  const stored = number(block, CHECKSUM.start, CHECKSUM.end - CHECKSUM.start);
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= CHECKSUM.start && i < CHECKSUM.end ? 0x20 : (block[i] as number);
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 256;
  }
  return stored === unsigned || stored === signed;
}
