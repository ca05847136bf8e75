import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { FlatBuffer, type Table } from '../flatbuffer/flatbuffer.ts';

const MAX_RANK = 64;
const MAX_LISTED = 4096;

/** A buffer: inside the flatbuffer, or behind it by offset and size. */
export interface TfliteBuffer {
  readonly start: number;
  readonly length: number;
  /** The offset and size behind the flatbuffer lie inside the file. */
  readonly inside: boolean;
}

/** A tensor of a subgraph. */
export interface TfliteTensor {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
  readonly buffer: number;
  readonly sparse: boolean;
  readonly offset: number;
}

/** An operator call of a subgraph, with the subgraphs it runs. */
export interface TfliteOperator {
  readonly opcode: number;
  readonly tensors: readonly number[];
  readonly subgraphs: readonly number[];
  readonly largeOptions: { readonly offset: number; readonly size: number };
  readonly offset: number;
}

/** The kind of an operator: a built-in by number, or a custom one by name. */
export interface TfliteOpcode {
  readonly builtin: number;
  readonly custom: string | undefined;
}

/** A TensorFlow Lite model; subgraphs are read one after the other as they are asked for. */
export class TfliteModel {
  readonly version: number;
  readonly description: string | undefined;
  readonly opcodes: readonly TfliteOpcode[];
  readonly buffers: readonly TfliteBuffer[];
  readonly subgraphCount: number;
  /** Names of the metadata, each with the number of its buffer. */
  readonly metadata: readonly { readonly name: string; readonly buffer: number }[];
  /** Names of groups of buffers that lie in other files. */
  readonly externalGroups: readonly string[];
  readonly #root: Table;

  constructor(source: ByteSource, budget: Budget) {
    const root = new FlatBuffer(source, budget).root();
    this.#root = root;
    this.version = root.u32(0);
    this.description = root.string(3);
    this.opcodes = collect(root.tables(1), readOpcode);
    this.buffers = collect(root.tables(4), (table) => readBuffer(table, source.size), 1_000_000);
    this.subgraphCount = root.vector(2, 4).count;
    this.metadata = collect(root.tables(6), (table) => ({ name: table.string(0) ?? '', buffer: table.u32(1) }));
    this.externalGroups = collect(root.tables(8), (table) => table.string(0) ?? '');
  }

  /** The tables of the subgraphs. */
  subgraphs(): Generator<Table> {
    return this.#root.tables(2);
  }
}

/** The tensors of a subgraph. */
export function* readTensors(subgraph: Table): Generator<TfliteTensor> {
  for (const table of subgraph.tables(0)) {
    yield {
      name: table.string(3) ?? '',
      type: table.u8(1),
      dims: table.i32s(0, MAX_RANK),
      buffer: table.u32(2),
      sparse: table.table(6) !== undefined,
      offset: table.at,
    };
  }
}

/** The operator calls of a subgraph. */
export function* readOperators(subgraph: Table): Generator<TfliteOperator> {
  for (const table of subgraph.tables(3)) {
    yield {
      opcode: table.u32(0),
      tensors: [...table.i32s(1, MAX_LISTED), ...table.i32s(2, MAX_LISTED)],
      subgraphs: [...runs(table, 3, 4, RUNS), ...runs(table, 11, 12, RUNS_2)],
      largeOptions: { offset: table.u64(9), size: table.u64(10) },
      offset: table.at,
    };
  }
}

/** Fields with the number of a subgraph, by the type of the options: Call, If, While, CallOnce. */
const RUNS: Readonly<Record<number, readonly number[]>> = { 16: [0], 92: [0, 1], 93: [0, 1], 103: [0] };
/** The same for the second kind of options: reduce, while and composite of StableHLO. */
const RUNS_2: Readonly<Record<number, readonly number[]>> = { 6: [1], 15: [0, 1], 21: [1] };

function runs(table: Table, typeField: number, field: number, known: Readonly<Record<number, readonly number[]>>): number[] {
  const fields = known[table.u8(typeField)];
  const options = fields === undefined ? undefined : table.table(field);
  return options === undefined ? [] : (fields ?? []).map((index) => options.i32(index));
}

function readOpcode(table: Table): TfliteOpcode {
  // Numbers above 127 do not fit into the old field, which then holds 127.
  return { builtin: Math.max(table.u8(0), table.i32(3)), custom: table.string(1) };
}

function readBuffer(table: Table, fileSize: number): TfliteBuffer {
  const { start, count } = table.vector(0, 1);
  if (count > 0) return { start, length: count, inside: true };
  const offset = table.u64(1);
  const size = table.u64(2);
  // Offsets 0 and 1 mark a buffer without data.
  return offset <= 1 ? { start: 0, length: 0, inside: true } : { start: offset, length: size, inside: offset + size <= fileSize };
}

function collect<T>(tables: Iterable<Table>, read: (table: Table) => T, limit = 100_000): T[] {
  const list: T[] = [];
  for (const table of tables) {
    if (list.length < limit) list.push(read(table));
  }
  return list;
}
