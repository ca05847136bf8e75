import { malformed } from '../../core/errors.ts';
import { decodeHuffman, type HuffmanTable, readHuffman } from './huffman.ts';

const RAW = 0;
const RLE = 1;
const COMPRESSED = 2;

/** The literals of a block, and where its sequences begin. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** For the next block, which may use the same. */
  readonly table: HuffmanTable | undefined;
}

/** Reads the literals section at the start of `block`, whose content is `size` bytes long and padded behind that. */
export function readLiterals(block: Uint8Array, size: number, previous: HuffmanTable | undefined, maxBlock: number): Literals {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0] = block;
  const type = b0 & 3;
  const format = (b0 >> 2) & 3;
  if (type === RAW || type === RLE) {
    const header = (format & 1) === 0 ? 1 : format === 1 ? 2 : 3;
    const length = header === 1 ? b0 >> 3 : (b0 >> 4) | (b1 << 4) | (header === 3 ? b2 << 12 : 0);
    const end = header + (type === RAW ? length : 1);
    if (length > maxBlock || end > size) throw malformed('Zstandard literals');
    const bytes = type === RAW ? block.subarray(header, end) : new Uint8Array(length).fill(block[header] as number);
    return { bytes, end, table: previous };
  }
  const [header, width] = (
    [
      [3, 10],
      [3, 10],
      [4, 14],
      [5, 18],
    ] as const
  )[format as 0 | 1 | 2 | 3];
  const low = b0 | (b1 << 8) | (b2 << 16);
  const mask = (1 << width) - 1;
  const length = ((low >>> 4) | ((b3 & 0xff) << 20)) & mask;
  const packed =
    width === 10 ? (low >>> 14) & mask : width === 14 ? ((low >>> 18) | (b3 << 6)) & mask : ((low >>> 22) | (b3 << 2) | (b4 << 10)) & mask;
  const end = header + packed;
  if (length > maxBlock || end > size) throw malformed('Zstandard literals');
  let at: number = header;
  let table = previous;
  if (type === COMPRESSED) ({ table, end: at } = readHuffman(block, at, end));
  if (table === undefined) throw malformed('Zstandard literals without a Huffman tree');
  const bytes = new Uint8Array(length);
  if (format === 0) decodeHuffman(table, block, at, end, bytes, 0, length);
  else decodeFour(table, block, at, end, bytes);
  return { bytes, end, table };
}

/** Four streams, the lengths of the first three in front of them. */
function decodeFour(table: HuffmanTable, block: Uint8Array, start: number, end: number, out: Uint8Array): void {
  const quarter = (out.length + 3) >> 2;
  let at = start + 6;
  for (let i = 0; i < 4; i++) {
    const stored = (block[start + 2 * i] as number) | ((block[start + 2 * i + 1] as number) << 8);
    const to = i === 3 ? end : at + stored;
    const from = i * quarter;
    const count = i === 3 ? out.length - from : quarter;
    if (to > end || at >= to || count < 0) throw malformed('Zstandard literal streams');
    decodeHuffman(table, block, at, to, out, from, count);
    at = to;
  }
}
