import { malformed } from '../../core/errors.ts';
import { constantTable, fseTable, type FseTable, readFse } from './fse.ts';

const PREDEFINED = 0;
const RLE = 1;
const COMPRESSED = 2;

/** One of the three codes of a sequence: its limits and the table used where none is stored (RFC 8878, 3.1.1.3.2.2). */
interface Code {
  readonly maxLog: number;
  readonly maxSymbol: number;
  readonly table: FseTable;
}

/** Literal length, offset and match length. */
export interface SequenceTables {
  readonly literals: FseTable;
  readonly offsets: FseTable;
  readonly matches: FseTable;
}

const LITERALS: Code = {
  maxLog: 9,
  maxSymbol: 35,
  table: fseTable([4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1], 6),
};
const OFFSETS: Code = {
  maxLog: 8,
  maxSymbol: 31,
  table: fseTable([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5),
};
const MATCHES: Code = {
  maxLog: 9,
  maxSymbol: 52,
  table: fseTable(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
};

/** What the sequences section says before its bit stream. */
export interface SequenceHeader {
  readonly count: number;
  readonly tables: SequenceTables | undefined;
  readonly end: number;
}

/** Reads the header of the sequences section at `start`; `previous` are the tables of the block before. */
export function readSequenceHeader(block: Uint8Array, start: number, size: number, previous: SequenceTables | undefined): SequenceHeader {
  const [b0 = 0, b1 = 0, b2 = 0] = block.subarray(start, Math.min(size, start + 3));
  if (start >= size) throw malformed('Zstandard block without sequences section');
  if (b0 === 0) return { count: 0, tables: previous, end: start + 1 };
  const width = b0 < 128 ? 1 : b0 < 255 ? 2 : 3;
  const count = width === 1 ? b0 : width === 2 ? ((b0 - 128) << 8) + b1 : b1 + (b2 << 8) + 0x7f00;
  const modes = block[start + width] ?? 0;
  if (start + width >= size || (modes & 3) !== 0) throw malformed('Zstandard sequences section');
  const at = { bytes: block, at: start + width + 1, size };
  const literals = readTable(at, modes >> 6, LITERALS, previous?.literals);
  const offsets = readTable(at, (modes >> 4) & 3, OFFSETS, previous?.offsets);
  const matches = readTable(at, (modes >> 2) & 3, MATCHES, previous?.matches);
  return { count, tables: { literals, offsets, matches }, end: at.at };
}

function readTable(
  from: { readonly bytes: Uint8Array; readonly size: number; at: number },
  mode: number,
  code: Code,
  previous: FseTable | undefined,
): FseTable {
  if (mode === PREDEFINED) return code.table;
  if (mode === RLE) {
    const symbol = from.bytes[from.at++] as number;
    if (from.at > from.size || symbol > code.maxSymbol) throw malformed('Zstandard sequence symbol');
    return constantTable(symbol);
  }
  if (mode === COMPRESSED) {
    const { table, end } = readFse(from.bytes, from.at, from.size, code.maxLog, code.maxSymbol);
    from.at = end;
    return table;
  }
  if (previous === undefined) throw malformed('Zstandard sequences repeat a table that is not there');
  return previous;
}
