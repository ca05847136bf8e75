import { malformed } from '../../core/errors.ts';
import type { BitReader } from './bits.ts';
import { type HuffmanTable, huffmanTable, MAX_BITS } from './huffman.ts';

const RUN_A = 0;
const RUN_B = 1;
/** Symbols coded with one table before the next selector applies. */
const GROUP = 50;

/** One block before its final run-length decoding: the inverse Burrows-Wheeler transform as a linked list. */
export interface Block {
  /** For each position: the next position in the upper 24 bits, the byte in the lower 8. */
  readonly links: Uint32Array;
  readonly length: number;
  readonly origin: number;
}

/** Reads the block behind its magic number and checksum. `links` is the work space: one entry for each byte a block may hold. */
export function readBlock(bits: BitReader, links: Uint32Array): Block {
  if (bits.bit() === 1) throw malformed('randomised bzip2 block, obsolete since 1997', bits.input.offset);
  const origin = bits.read(24);
  const symbols = readSymbols(bits);
  const tableCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (tableCount < 2 || tableCount > 6 || selectorCount === 0) throw malformed('bzip2 block header', bits.input.offset);
  const selectors = readSelectors(bits, tableCount, selectorCount);
  const tables: HuffmanTable[] = [];
  for (let i = 0; i < tableCount; i++) tables.push(readTable(bits, symbols.length + 2));
  const counts = new Uint32Array(256);
  const length = readBytes(bits, symbols, selectors, tables, links, counts);
  if (origin >= length) throw malformed('bzip2 origin pointer lies outside its block', bits.input.offset);
  linkUp(links, length, counts);
  return { links, length, origin };
}

/** The byte values that occur, in order: a two-level bitmap. */
function readSymbols(bits: BitReader): Uint8Array {
  const used = bits.read(16);
  const symbols: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((used >>> (15 - high)) & 1) === 0) continue;
    const row = bits.read(16);
    for (let low = 0; low < 16; low++) if (((row >>> (15 - low)) & 1) === 1) symbols.push(high * 16 + low);
  }
  if (symbols.length === 0) throw malformed('bzip2 block uses no symbols', bits.input.offset);
  return Uint8Array.from(symbols);
}

function readSelectors(bits: BitReader, tableCount: number, selectorCount: number): Uint8Array {
  const order = [0, 1, 2, 3, 4, 5];
  const selectors = new Uint8Array(selectorCount);
  for (let i = 0; i < selectorCount; i++) {
    let rank = 0;
    while (bits.bit() === 1) if (++rank >= tableCount) throw malformed('bzip2 selector', bits.input.offset);
    const [table = 0] = order.splice(rank, 1);
    order.unshift(table);
    selectors[i] = table;
  }
  return selectors;
}

function readTable(bits: BitReader, size: number): HuffmanTable {
  const lengths = new Uint8Array(size);
  let length = bits.read(5);
  for (let i = 0; i < size; i++) {
    for (;;) {
      if (length < 1 || length > MAX_BITS) throw malformed('bzip2 code length', bits.input.offset);
      if (bits.bit() === 0) break;
      length += bits.bit() === 0 ? 1 : -1;
    }
    lengths[i] = length;
  }
  return huffmanTable(lengths);
}

/** Undoes Huffman coding, zero runs and move-to-front; fills the low bytes of `links` and how often each value occurs. */
function readBytes(
  bits: BitReader,
  symbols: Uint8Array,
  selectors: Uint8Array,
  tables: readonly HuffmanTable[],
  links: Uint32Array,
  counts: Uint32Array,
): number {
  const end = symbols.length + 1;
  const front = symbols.slice();
  let length = 0;
  let run = 0;
  let runUnit = 1;
  let table: HuffmanTable | undefined;
  for (let coded = 0; ; coded++) {
    if (coded % GROUP === 0) {
      const selector = selectors[coded / GROUP];
      table = selector === undefined ? undefined : tables[selector];
    }
    if (table === undefined) throw malformed('bzip2 block has too few selectors', bits.input.offset);
    const symbol = readSymbol(bits, table);
    if (symbol === RUN_A || symbol === RUN_B) {
      run += runUnit << symbol;
      runUnit <<= 1;
      if (run > links.length) throw malformed('bzip2 block is longer than declared', bits.input.offset);
      continue;
    }
    if (run > 0) {
      const value = front[0] as number;
      if (length + run > links.length) throw malformed('bzip2 block is longer than declared', bits.input.offset);
      links.fill(value, length, length + run);
      counts[value] = (counts[value] as number) + run;
      length += run;
      run = 0;
      runUnit = 1;
    }
    if (symbol === end) return length;
    if (length >= links.length) throw malformed('bzip2 block is longer than declared', bits.input.offset);
    const rank = symbol - 1;
    const value = front[rank] as number;
    front.copyWithin(1, 0, rank);
    front[0] = value;
    links[length++] = value;
    counts[value] = (counts[value] as number) + 1;
  }
}

function readSymbol(bits: BitReader, table: HuffmanTable): number {
  let length = table.minBits;
  let code = bits.read(length);
  while (code > (table.limit[length] as number)) {
    if (++length > table.maxBits) throw malformed('bzip2 Huffman code', bits.input.offset);
    code = (code << 1) | bits.bit();
  }
  return table.symbols[code - (table.base[length] as number)] as number;
}

/** Turns the last column into the linked list that spells the block. */
function linkUp(links: Uint32Array, length: number, counts: Uint32Array): void {
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    const count = counts[value] as number;
    counts[value] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const value = (links[i] as number) & 0xff;
    const to = counts[value] as number;
    counts[value] = to + 1;
    links[to] = (links[to] as number) | (i << 8);
  }
}
