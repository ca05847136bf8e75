import { crc32 } from 'node:zlib';
import { CordonError, malformed, truncated } from '../../core/errors.ts';
import { viewOf } from '../bytes/read.ts';
import { x86Filter } from '../filters/bcj-x86.ts';
import { deltaFilter } from '../filters/delta.ts';
import { FilteredDecoder } from '../filters/filter.ts';
import type { Decoder } from '../inflate/decoder.ts';
import type { Input } from '../inflate/input.ts';
import { Lzma2Decoder } from '../lzma/lzma2.ts';

const DELTA = 0x03;
const X86 = 0x04;
const LZMA2 = 0x21;

/** Reads a block header, whose size byte was just read, and opens the decoder chain that it describes. */
export function openBlock(input: Input, sizeByte: number): Decoder {
  const start = input.offset - 1;
  const rest = input.take((sizeByte + 1) * 4 - 1);
  const header = Uint8Array.of(sizeByte, ...rest);
  const body = header.subarray(0, header.length - 4);
  if (viewOf(header).getUint32(body.length, true) !== crc32(body)) throw malformed('xz block header checksum', start);
  const flags = body[1] as number;
  if ((flags & 0x3c) !== 0) throw new CordonError('format.unsupported', `xz block flags ${flags} at byte ${start}`);
  const fields = { bytes: body, at: 2 };
  if ((flags & 0x40) !== 0) readVli(fields);
  if ((flags & 0x80) !== 0) readVli(fields);
  const filters: { id: number; properties: Uint8Array }[] = [];
  for (let i = 0; i <= (flags & 3); i++) {
    const id = readVli(fields);
    const size = readVli(fields);
    if (size > body.length - fields.at) throw malformed('xz filter properties', start);
    filters.push({ id, properties: body.subarray(fields.at, fields.at + size) });
    fields.at += size;
  }
  return chain(input, filters);
}

function chain(input: Input, filters: readonly { id: number; properties: Uint8Array }[]): Decoder {
  const last = filters.at(-1);
  if (last?.id !== LZMA2) throw new CordonError('format.unsupported', `xz filter 0x${(last?.id ?? 0).toString(16)}`);
  let decoder: Decoder = new Lzma2Decoder(input, dictionarySize(last.properties));
  for (const { id, properties } of filters.slice(0, -1).toReversed()) {
    if (id === DELTA) decoder = new FilteredDecoder(decoder, deltaFilter((properties[0] ?? 0) + 1));
    else if (id === X86)
      decoder = new FilteredDecoder(decoder, x86Filter(properties.length >= 4 ? viewOf(properties).getUint32(0, true) : 0));
    else throw new CordonError('format.unsupported', `xz filter 0x${id.toString(16)}`);
  }
  return decoder;
}

/** LZMA2 dictionary size from its one property byte. */
export function dictionarySize(properties: Uint8Array): number {
  const code = properties[0] ?? 0xff;
  if (code > 40) throw malformed('LZMA2 dictionary size');
  return code === 40 ? 0xffff_ffff : (2 | (code & 1)) * 2 ** (Math.floor(code / 2) + 11);
}

/** A number in 7-bit groups, lowest first, at most 63 bits; inexact beyond 2^53, where it only ever is too large. */
export function readVli(from: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = from.bytes[from.at++];
    if (byte === undefined) throw truncated('xz number');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  throw malformed('xz number is too long');
}
