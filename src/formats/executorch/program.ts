import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes, readExactly, viewOf } from '../bytes/read.ts';
import { FlatBuffer, type Table } from '../flatbuffer/flatbuffer.ts';

const MAX_LISTED = 100_000;

/** The extended header behind the identifier: where the flatbuffer ends and the segments begin. */
export interface ExtendedHeader {
  readonly programSize: number;
  readonly segmentBase: number;
}

/** A stretch of data behind the flatbuffer, relative to the segment base. */
export interface Segment {
  readonly offset: number;
  readonly size: number;
}

/** A segment by number, and where in it constants begin. */
export interface Subsegment {
  readonly segment: number;
  readonly offsets: readonly number[];
}

/** An ExecuTorch program: what is checked against the file. */
export class ExecuTorchProgram {
  readonly header: ExtendedHeader | undefined;
  readonly version: number;
  readonly segments: readonly Segment[];
  readonly constants: Subsegment | undefined;
  readonly mutableData: readonly Subsegment[];
  /** Number of constants that lie inside of the flatbuffer, as older programs have them. */
  readonly inlineConstants: number;
  readonly inlineDelegates: number;
  readonly namedData: readonly { readonly key: string; readonly segment: number }[];
  readonly #root: Table;

  constructor(source: ByteSource, budget: Budget) {
    this.header = readHeader(source);
    const buffer = new FlatBuffer(source, budget, 0, Math.min(this.header?.programSize ?? source.size, source.size));
    const root = buffer.root();
    this.#root = root;
    this.version = root.u32(0);
    this.inlineConstants = root.vector(2, 4).count;
    this.inlineDelegates = root.vector(3, 4).count;
    this.segments = [...root.tables(4)].map((table) => ({ offset: table.u64(0), size: table.u64(1) }));
    const constants = root.table(5);
    this.constants = constants && readSubsegment(constants);
    this.mutableData = [...root.tables(6)].map(readSubsegment);
    this.namedData = [...root.tables(7)].map((table) => ({ key: table.string(0) ?? '', segment: table.u32(1) }));
  }

  /** The tables of the methods. */
  plans(): Generator<Table> {
    return this.#root.tables(1);
  }
}

function readSubsegment(table: Table): Subsegment {
  return { segment: table.u32(0), offsets: table.u64s(1, MAX_LISTED) };
}

function readHeader(source: ByteSource): ExtendedHeader | undefined {
  const head = source.read(8, 4);
  if (!hasBytes(head, 'eh00')) return undefined;
  const view = viewOf(readExactly(source, 8, 24));
  return { programSize: Number(view.getBigUint64(8, true)), segmentBase: Number(view.getBigUint64(16, true)) };
}
