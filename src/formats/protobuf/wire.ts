import type { Budget } from '../../core/budget.ts';
import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { utf8 } from '../bytes/read.ts';

/** Wire types: how the value of a field is laid out, whatever the schema calls it. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const GROUP = 3;
export const FIXED32 = 5;

/** A stretch of the source: a message, a string or packed numbers. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One field of a message. `start` and `end` enclose its payload, which has not been read when it is length-delimited. */
export interface Field extends Range {
  readonly number: number;
  readonly wire: number;
  /** Varints as signed 64-bit, exact up to 2^53 and rounded beyond; 0 for the other wire types. */
  readonly value: number;
}

/** Why 100: the C++, Python and Java parsers refuse deeper messages, so nothing below is ever loaded. */
export const MAX_MESSAGE_DEPTH = 100;

const END_GROUP = 4;
const SMALL_WINDOW = 4 * 1024;
const LARGE_WINDOW = 256 * 1024;
const CHARGE_EVERY = 1024;
/** A tag is 32 bits: field numbers end at 2^29 - 1. */
const MAX_TAG = 0xffff_ffff;

/**
 * Walks protobuf messages without a schema. Payloads are skipped by offset, so that a model of many gigabytes costs only
 * its structure. Groups are skipped: no model format has them, but parsers skip unknown ones, so a hostile file may.
 */
export class Wire {
  readonly source: ByteSource;
  readonly #budget: Budget | undefined;
  readonly #window = { bytes: Buffer.alloc(0), start: 0, size: SMALL_WINDOW };
  #fields = 0;
  /** Where the number read last ends: a second result, without an object for each number. */
  #end = 0;

  /** Without a budget (recognition) the caller bounds the walk. */
  constructor(source: ByteSource, budget?: Budget) {
    this.source = source;
    this.#budget = budget;
  }

  /** The fields of the message in `range`, in the order of the bytes. */
  *fields({ start, end }: Range): Generator<Field> {
    let at = start;
    while (at < end) {
      if (++this.#fields % CHARGE_EVERY === 0) this.#budget?.charge('steps', CHARGE_EVERY);
      const tag = this.#varint(at, end);
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      if (tag < 0 || tag > MAX_TAG || number === 0) throw malformed('protobuf: invalid field tag', at);
      const field = this.#field(number, wire, this.#end, end);
      yield field;
      at = field.end;
    }
  }

  /** Numbers of a repeated integer field: one where it is not packed, all of the payload where it is. */
  *integers(field: Field): Generator<number> {
    if (field.wire !== LENGTH) {
      yield field.value;
      return;
    }
    let at = field.start;
    let count = 0;
    while (at < field.end) {
      if (++count % CHARGE_EVERY === 0) this.#budget?.charge('steps', CHARGE_EVERY);
      const value = this.#varint(at, field.end);
      at = this.#end;
      yield value;
    }
  }

  /** The first `limit` numbers of a repeated integer field. */
  integerList(field: Field, limit: number): number[] {
    const list: number[] = [];
    if (limit <= 0) return list;
    for (const value of this.integers(field)) {
      list.push(value);
      if (list.length >= limit) break;
    }
    return list;
  }

  /** At most `limit` bytes of a payload, copied. */
  bytes({ start, end }: Range, limit: number): Uint8Array {
    const length = Math.min(end - start, limit);
    this.#load(start, Math.min(length, LARGE_WINDOW));
    const from = start - this.#window.start;
    if (length <= LARGE_WINDOW) return Uint8Array.prototype.slice.call(this.#window.bytes, from, from + length);
    this.#budget?.checkBuffer(length);
    return this.source.read(start, length).slice();
  }

  /** At most `limit` bytes of a payload as text; malformed UTF-8 becomes U+FFFD. */
  text(range: Range, limit = 4096): string {
    const length = Math.min(range.end - range.start, limit);
    if (length > SMALL_WINDOW) return utf8(this.bytes(range, limit));
    this.#load(range.start, length);
    const from = range.start - this.#window.start;
    return this.#window.bytes.toString('utf8', from, from + length);
  }

  #field(number: number, wire: number, at: number, end: number): Field {
    if (wire === VARINT) {
      const value = this.#varint(at, end);
      return { number, wire, value, start: at, end: this.#end };
    }
    let start = at;
    let length = wire === FIXED64 ? 8 : 4;
    if (wire === LENGTH) {
      length = this.#varint(at, end);
      start = this.#end;
    } else if (wire === GROUP) {
      length = this.#groupEnd(number, at, end) - at;
    } else if (wire !== FIXED64 && wire !== FIXED32) {
      throw malformed(`protobuf: wire type ${wire} of field ${number}`, at);
    }
    if (length < 0 || length > end - start) {
      throw truncated(`protobuf: field ${number} is ${length} bytes long, ${end - start} are left`, at);
    }
    return { number, wire, value: 0, start, end: start + length };
  }

  /** Where a group ends, its end tag included; groups may lie in groups. */
  #groupEnd(number: number, start: number, end: number): number {
    const open = [number];
    let at = start;
    while (open.length > 0) {
      if (open.length > MAX_MESSAGE_DEPTH) throw malformed('protobuf: groups nested too deeply', at);
      if (++this.#fields % CHARGE_EVERY === 0) this.#budget?.charge('steps', CHARGE_EVERY);
      const tag = this.#varint(at, end);
      at = this.#end;
      const wire = tag % 8;
      const inner = Math.floor(tag / 8);
      if (tag < 0 || tag > MAX_TAG || inner === 0) throw malformed('protobuf: invalid field tag', at);
      if (wire === GROUP) open.push(inner);
      else if (wire === END_GROUP) {
        if (open.pop() !== inner) throw malformed('protobuf: group is not closed', at);
      } else at = this.#field(inner, wire, at, end).end;
    }
    return at;
  }

  #varint(start: number, end: number): number {
    this.#load(start, Math.min(10, end - start));
    const { bytes, start: base } = this.#window;
    let low = 0;
    for (let i = 0; i < 10; i++) {
      const byte = start + i < end ? bytes[start + i - base] : undefined;
      if (byte === undefined) throw truncated('protobuf: number ends early', start);
      if (i < 7) low += (byte & 0x7f) * 2 ** (7 * i);
      if (byte >= 0x80) continue;
      this.#end = start + i + 1;
      return i < 7 ? low : this.#wide(start, i + 1);
    }
    throw malformed('protobuf: number longer than 10 bytes', start);
  }

  /** A varint of 8 to 10 bytes, which a double cannot add up exactly: negative numbers take 10. */
  #wide(start: number, length: number): number {
    const from = start - this.#window.start;
    let value = 0n;
    for (let i = 0; i < length; i++) value |= BigInt((this.#window.bytes[from + i] ?? 0) & 0x7f) << BigInt(7 * i);
    return Number(BigInt.asIntN(64, value));
  }

  /** Makes `length` bytes from `at` lie in the window. It grows while reading on and shrinks after a jump. */
  #load(at: number, length: number): void {
    const window = this.#window;
    const windowEnd = window.start + window.bytes.length;
    if (at >= window.start && at + length <= windowEnd) return;
    const goesOn = at >= window.start && at <= windowEnd + SMALL_WINDOW;
    window.size = goesOn ? Math.min(window.size * 2, LARGE_WINDOW) : SMALL_WINDOW;
    const bytes = this.source.read(at, Math.max(window.size, length));
    window.bytes = Buffer.from(bytes);
    window.start = at;
  }
}

/** The whole source as one message. */
export function wholeRange(source: ByteSource): Range {
  return { start: 0, end: source.size };
}
