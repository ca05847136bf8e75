import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { utf8, viewOf } from '../bytes/read.ts';

const PAGE = 16 * 1024;
const PAGES = 64;

/** A vector: where its first element lies and how many there are. `count * elementSize` bytes are there for sure. */
export interface Vector {
  readonly start: number;
  readonly count: number;
}

/**
 * Reads flatbuffers with every offset checked against the bytes that are there. Pages are read as they are needed: a model of
 * gigabytes costs only its tables. Why checked: runtimes follow these offsets without looking (executorch #19268, #19270).
 */
export class FlatBuffer {
  readonly source: ByteSource;
  readonly #budget: Budget;
  readonly #pages = new Map<number, DataView>();
  readonly #base: number;
  readonly #end: number;

  /** The part of the source from `base`, `length` bytes long, is the flatbuffer. */
  constructor(source: ByteSource, budget: Budget, base = 0, length = source.size - base) {
    this.source = source;
    this.#budget = budget;
    this.#base = base;
    this.#end = Math.min(length, source.size - base);
  }

  get size(): number {
    return this.#end;
  }

  /** The root table. */
  root(): Table {
    return this.table(this.u32(0));
  }

  /** The table at an offset. */
  table(at: number): Table {
    this.#budget.charge('steps');
    return new Table(this, at);
  }

  u8(at: number): number {
    return this.#at(at, 1, (view, offset) => view.getUint8(offset));
  }

  u16(at: number): number {
    return this.#at(at, 2, (view, offset) => view.getUint16(offset, true));
  }

  i32(at: number): number {
    return this.#at(at, 4, (view, offset) => view.getInt32(offset, true));
  }

  u32(at: number): number {
    return this.#at(at, 4, (view, offset) => view.getUint32(offset, true));
  }

  /** A 64-bit number as a double: exact up to 2^53, rounded beyond, which is far outside of any file. */
  u64(at: number): number {
    return this.u32(at) + this.u32(at + 4) * 2 ** 32;
  }

  /** Where a relative offset at `at` leads. */
  follow(at: number): number {
    const offset = this.u32(at);
    const target = at + offset;
    if (offset < 4 || target >= this.#end) throw malformed(`flatbuffer: offset ${offset} leads out of the file`, this.#base + at);
    return target;
  }

  /** The vector at `at`, with elements of so many bytes. */
  vector(at: number, elementSize: number): Vector {
    const count = this.u32(at);
    const start = at + 4;
    if (count * elementSize > this.#end - start)
      throw malformed(`flatbuffer: vector of ${count} elements leads out of the file`, this.#base + at);
    return { start, count };
  }

  /** A string, cut at `limit` bytes; its stated length must be there. */
  string(at: number, limit = 1024): string {
    const { start, count } = this.vector(at, 1);
    return utf8(this.source.read(this.#base + start, Math.min(count, limit)).slice());
  }

  #at(at: number, length: number, read: (view: DataView, offset: number) => number): number {
    if (!(at >= 0 && at + length <= this.#end)) throw malformed('flatbuffer: offset leads out of the file', this.#base + at);
    const page = Math.floor(at / PAGE);
    const offset = at - page * PAGE;
    if (offset + length <= PAGE) return read(this.#page(page), offset);
    const bytes = this.source.read(this.#base + at, length).slice();
    return read(viewOf(bytes), 0);
  }

  #page(page: number): DataView {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    if (this.#pages.size >= PAGES) this.#pages.delete(this.#pages.keys().next().value ?? 0);
    const view = viewOf(this.source.read(this.#base + page * PAGE, Math.min(PAGE, this.#end - page * PAGE)).slice());
    this.#pages.set(page, view);
    return view;
  }
}

/** One table: fields by their index in the schema. A field that is absent has its default. */
export class Table {
  readonly at: number;
  readonly #buffer: FlatBuffer;
  readonly #vtable: number;
  readonly #vtableSize: number;
  readonly #size: number;

  constructor(buffer: FlatBuffer, at: number) {
    this.at = at;
    this.#buffer = buffer;
    this.#vtable = at - buffer.i32(at);
    this.#vtableSize = buffer.u16(this.#vtable);
    this.#size = buffer.u16(this.#vtable + 2);
    if (this.#vtableSize < 4 || this.#vtableSize % 2 !== 0 || this.#size < 4 || at + this.#size > buffer.size) {
      throw malformed('flatbuffer: invalid table', at);
    }
  }

  u8(field: number, fallback = 0): number {
    const at = this.#field(field, 1);
    return at === undefined ? fallback : this.#buffer.u8(at);
  }

  i32(field: number, fallback = 0): number {
    const at = this.#field(field, 4);
    return at === undefined ? fallback : this.#buffer.i32(at);
  }

  u32(field: number, fallback = 0): number {
    const at = this.#field(field, 4);
    return at === undefined ? fallback : this.#buffer.u32(at);
  }

  u64(field: number, fallback = 0): number {
    const at = this.#field(field, 8);
    return at === undefined ? fallback : this.#buffer.u64(at);
  }

  string(field: number): string | undefined {
    const at = this.#field(field, 4);
    return at === undefined ? undefined : this.#buffer.string(this.#buffer.follow(at));
  }

  table(field: number): Table | undefined {
    const at = this.#field(field, 4);
    return at === undefined ? undefined : this.#buffer.table(this.#buffer.follow(at));
  }

  /** A vector whose elements take so many bytes; an absent one is empty. */
  vector(field: number, elementSize: number): Vector {
    const at = this.#field(field, 4);
    return at === undefined ? { start: 0, count: 0 } : this.#buffer.vector(this.#buffer.follow(at), elementSize);
  }

  /** The tables of a vector of tables, one after the other. */
  *tables(field: number): Generator<Table> {
    const { start, count } = this.vector(field, 4);
    for (let i = 0; i < count; i++) yield this.#buffer.table(this.#buffer.follow(start + 4 * i));
  }

  /** The first `limit` numbers of a vector of signed 32-bit numbers. */
  i32s(field: number, limit: number): number[] {
    const { start, count } = this.vector(field, 4);
    return Array.from({ length: Math.min(count, limit) }, (_, i) => this.#buffer.i32(start + 4 * i));
  }

  /** The first `limit` numbers of a vector of unsigned 64-bit numbers. */
  u64s(field: number, limit: number): number[] {
    const { start, count } = this.vector(field, 8);
    return Array.from({ length: Math.min(count, limit) }, (_, i) => this.#buffer.u64(start + 8 * i));
  }

  /** Where a field lies, undefined when it is absent. It must lie inside of the table. */
  #field(field: number, length: number): number | undefined {
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#vtableSize) return undefined;
    const offset = this.#buffer.u16(this.#vtable + slot);
    if (offset === 0) return undefined;
    if (offset + length > this.#size) throw malformed('flatbuffer: field lies outside of its table', this.at);
    return this.at + offset;
  }
}
