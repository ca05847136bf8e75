import { errorCode } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { Input } from '../inflate/input.ts';
import type { Signature } from '../signature.ts';
import { readAloneHeader, RawLzmaDecoder } from './alone.ts';

/** Why these: xz refuses to recognise other files too (sizes from 256 GiB on are not LZMA but something else). */
const MAX_SIZE = 2 ** 38;
const MIN_DICTIONARY = 4096;
const HEADER = 13;
/** Bytes that must decode without an error. */
const TRIAL = 512;

/** LZMA-alone has no magic number: plausible header fields, and its first bytes must decode. */
export const lzma: Signature = {
  format: 'lzma',
  matches: (head, source) => isPlausible(head) && decodes(source),
};

function isPlausible(head: Uint8Array): boolean {
  if (head.length < HEADER + 5 || (head[0] as number) >= 225 || head[HEADER] !== 0) return false;
  const input = new Input({ size: HEADER, read: (offset, length) => head.subarray(offset, offset + length) }, 0);
  const { packed, dictionarySize, size } = readAloneHeader(input);
  if (size !== undefined && (size === 0 || size >= MAX_SIZE)) return false;
  // Every encoder's default properties with any dictionary, or any properties with a dictionary as encoders choose it.
  return dictionarySize >= MIN_DICTIONARY && (packed === 0x5d || isRound(dictionarySize));
}

/** 2^n or 2^n + 2^(n-1), or "as large as possible". */
function isRound(value: number): boolean {
  const top = 2 ** Math.floor(Math.log2(value));
  return value === top || value === top * 1.5 || value === 0xffff_ffff;
}

function decodes(source: ByteSource): boolean {
  const input = new Input(source, 0);
  try {
    const { packed, dictionarySize, size } = readAloneHeader(input);
    const decoder = new RawLzmaDecoder(input, { packed, dictionarySize, size: Math.min(size ?? TRIAL, TRIAL) }, true);
    while (decoder.next() !== undefined);
    return true;
  } catch (error) {
    return errorCode(error) === 'format.truncated';
  }
}
