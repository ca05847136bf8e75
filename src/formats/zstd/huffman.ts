import { malformed } from '../../core/errors.ts';
import { BackwardBits } from './bits.ts';
import { readFse } from './fse.ts';

const MAX_BITS = 11;
const MAX_WEIGHTS = 255;
const WEIGHT_LOG = 6;

/** Decoding table of a Huffman code: for each `maxBits` bits a symbol and how many of those bits it takes. */
export interface HuffmanTable {
  readonly maxBits: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

/** Reads a tree description; returns the table and the offset behind it. */
export function readHuffman(bytes: Uint8Array, start: number, end: number): { table: HuffmanTable; end: number } {
  const header = bytes[start] ?? 0;
  const compressed = header < 128;
  const to = start + 1 + (compressed ? header : Math.ceil((header - 127) / 2));
  if (start >= end || to > end) throw malformed('Zstandard Huffman tree', start);
  const weights = compressed ? readWeights(bytes, start + 1, to) : plainWeights(bytes, start + 1, header - 127);
  return { table: huffmanTable(weights), end: to };
}

/** Decodes `count` symbols of a stream into `out` from `at` on. */
export function decodeHuffman(
  table: HuffmanTable,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
  count: number,
): void {
  const { maxBits, symbols, bits } = table;
  const stream = new BackwardBits(bytes, start, end);
  const mask = (1 << maxBits) - 1;
  let state = stream.read(maxBits);
  for (let i = at; i < at + count; i++) {
    out[i] = symbols[state] as number;
    const width = bits[state] as number;
    state = ((state << width) & mask) | stream.read(width);
  }
  // The state was read ahead by as many bits as it has.
  if (stream.left !== -maxBits) throw malformed('Zstandard literals do not end where they say', start);
}

function plainWeights(bytes: Uint8Array, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const pair = bytes[start + (i >> 1)] as number;
    return i % 2 === 0 ? pair >> 4 : pair & 15;
  });
}

/** Weights by two FSE states in turn, until the bits are used up. */
function readWeights(bytes: Uint8Array, start: number, end: number): number[] {
  const { table, end: from } = readFse(bytes, start, end, WEIGHT_LOG, 12);
  const stream = new BackwardBits(bytes, from, end);
  const states = [stream.read(table.log), stream.read(table.log)] as [number, number];
  if (stream.left < 0) throw malformed('Zstandard Huffman weights', start);
  const weights: number[] = [];
  for (let turn = 0; ; turn ^= 1) {
    if (weights.length >= MAX_WEIGHTS) throw malformed('Zstandard Huffman weights', start);
    const state = states[turn as 0 | 1];
    weights.push(table.symbols[state] as number);
    states[turn as 0 | 1] = (table.base[state] as number) + stream.read(table.bits[state] as number);
    if (stream.left < 0) {
      weights.push(table.symbols[states[(turn ^ 1) as 0 | 1]] as number);
      return weights;
    }
  }
}

/** The last weight is not stored: it is what completes the code. */
function huffmanTable(stored: readonly number[]): HuffmanTable {
  const sum = stored.reduce((total, weight) => total + (weight === 0 ? 0 : 1 << (weight - 1)), 0);
  if (sum === 0) throw malformed('Zstandard Huffman weights');
  const maxBits = 32 - Math.clz32(sum);
  const rest = (1 << maxBits) - sum;
  if (maxBits > MAX_BITS || (rest & (rest - 1)) !== 0) throw malformed('Zstandard Huffman weights do not make a code');
  const weights = [...stored, 32 - Math.clz32(rest)];
  if (weights.length > 256) throw malformed('Zstandard Huffman weights');
  const symbols = new Uint8Array(1 << maxBits);
  const bits = new Uint8Array(1 << maxBits);
  let at = 0;
  for (let weight = 1; weight <= maxBits; weight++) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue;
      const length = 1 << (weight - 1);
      symbols.fill(symbol, at, at + length);
      bits.fill(maxBits + 1 - weight, at, at + length);
      at += length;
    }
  }
  return { maxBits, symbols, bits };
}
