import { malformed } from '../../core/errors.ts';

/** Longest code bzip2 allows. */
export const MAX_BITS = 20;

/** Canonical Huffman code as bzip2 uses it: the code of each length begins where the shorter ones ended. */
export interface HuffmanTable {
  readonly minBits: number;
  readonly maxBits: number;
  /** Largest code of each length, -1 where there is none. */
  readonly limit: Int32Array;
  /** What to subtract from a code of each length to index `symbols`. */
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

/** Builds a table from the code length of each symbol; lengths are 1 to {@link MAX_BITS}. */
export function huffmanTable(lengths: Uint8Array): HuffmanTable {
  const count = new Int32Array(MAX_BITS + 2);
  for (const length of lengths) count[length] = (count[length] as number) + 1;
  const minBits = count.findIndex((n) => n > 0);
  const maxBits = count.findLastIndex((n) => n > 0);
  const symbols = new Uint16Array(lengths.length);
  const limit = new Int32Array(MAX_BITS + 2).fill(-1);
  const base = new Int32Array(MAX_BITS + 2);
  let next = 0;
  let code = 0;
  for (let bits = minBits; bits <= maxBits; bits++) {
    base[bits] = code - next;
    for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol] === bits) symbols[next++] = symbol;
    code += count[bits] as number;
    limit[bits] = code - 1;
    if (code > 1 << bits) throw malformed('bzip2 Huffman code has too many symbols');
    code <<= 1;
  }
  return { minBits, maxBits, limit, base, symbols };
}
