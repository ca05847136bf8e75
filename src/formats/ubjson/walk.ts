import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { ByteCursor } from '../bytes/cursor.ts';
import { utf8 } from '../bytes/read.ts';

/** What a walk over a UBJSON document reports; `depth` is that of the container around it, 0 for the document. */
export type UbjsonEvent =
  | {
      readonly kind: 'numbers';
      readonly key: string;
      readonly depth: number;
      readonly type: string;
      readonly offset: number;
      readonly count: number;
    }
  | { readonly kind: 'text'; readonly key: string; readonly depth: number; readonly text: string }
  | { readonly kind: 'end'; readonly key: string; readonly depth: number };

/** Bytes of the values of fixed size, by their type marker. */
export const UBJSON_SIZES: Readonly<Record<string, number>> = { Z: 0, N: 0, T: 0, F: 0, i: 1, U: 1, C: 1, I: 2, l: 4, d: 4, L: 8, D: 8 };

/** Why 200: models nest a dozen levels. */
const MAX_DEPTH = 200;
const SHOWN = 256;

/** An open container. `left` counts its values when it says how many it has. */
interface Frame {
  readonly isObject: boolean;
  readonly key: string;
  readonly type: string | undefined;
  left: number | undefined;
}

/** Walks one UBJSON object to its end without recursion; typed arrays are passed over by offset. */
export function* walkUbjson(source: ByteSource, step: () => void): Generator<UbjsonEvent, number> {
  const walk = new UbjsonWalk(source);
  walk.begin();
  while (walk.open) {
    step();
    yield* walk.next();
  }
  return walk.offset;
}

class UbjsonWalk {
  readonly #cursor: ByteCursor;
  readonly #stack: Frame[] = [];

  constructor(source: ByteSource) {
    this.#cursor = new ByteCursor(source);
  }

  get open(): boolean {
    return this.#stack.length > 0;
  }

  get offset(): number {
    return this.#cursor.offset;
  }

  begin(): void {
    if (this.#marker() !== '{') throw malformed('UBJSON document is no object', 0);
    this.#enter(true, '');
  }

  *next(): Iterable<UbjsonEvent> {
    const frame = this.#stack.at(-1) as Frame;
    if (frame.left === 0 || this.#closes(frame)) {
      this.#stack.pop();
      yield { kind: 'end', key: frame.key, depth: this.#stack.length };
      return;
    }
    if (frame.left !== undefined) frame.left--;
    const key = frame.isObject ? this.#text(this.#length()) : frame.key;
    yield* this.#value(frame.type ?? this.#marker(), key);
  }

  *#value(type: string, key: string): Iterable<UbjsonEvent> {
    const depth = this.#stack.length;
    const size = UBJSON_SIZES[type];
    if (size !== undefined) this.#cursor.skip(size);
    else if (type === 'S' || type === 'H') yield { kind: 'text', key, depth, text: this.#text(this.#length()) };
    else if (type === '{' || type === '[') {
      const numbers = this.#enter(type === '{', key);
      if (numbers) yield { ...numbers, depth };
    } else throw malformed(`unknown UBJSON marker ${JSON.stringify(type)}`, this.offset);
  }

  /** Reads the type and count in front of a container's values; an array of numbers is passed over at once. */
  #enter(isObject: boolean, key: string): { kind: 'numbers'; key: string; type: string; offset: number; count: number } | undefined {
    if (this.#stack.length >= MAX_DEPTH) throw malformed('UBJSON is nested too deeply', this.offset);
    const type = this.#take('$') ? this.#marker() : undefined;
    const counted = this.#take('#');
    if (type !== undefined && !counted) throw malformed('typed container without a count', this.offset);
    const count = counted ? this.#length() : undefined;
    const size = type === undefined ? undefined : UBJSON_SIZES[type];
    if (!isObject && type !== undefined && size !== undefined && count !== undefined) {
      const { offset } = this;
      this.#cursor.skip(size * count);
      return { kind: 'numbers', key, type, offset, count };
    }
    if (count !== undefined && count > this.#cursor.source.size - this.offset)
      throw malformed('container has more values than bytes', this.offset);
    this.#stack.push({ isObject, key, type, left: count });
    return undefined;
  }

  #closes(frame: Frame): boolean {
    if (frame.left !== undefined) return false;
    while (this.#take('N'));
    return this.#take(frame.isObject ? '}' : ']');
  }

  #marker(): string {
    return String.fromCharCode(this.#cursor.u8());
  }

  #take(marker: string): boolean {
    if (this.#marker() === marker) return true;
    this.#cursor.offset--;
    return false;
  }

  /** A length: an integer of any type. */
  #length(): number {
    const type = this.#marker();
    const value = readNumber(this.#cursor, type);
    if (value === undefined || !Number.isSafeInteger(value) || value < 0) throw malformed('length is no whole number', this.offset);
    return value;
  }

  #text(length: number): string {
    const shown = utf8(this.#cursor.bytes(Math.min(length, SHOWN)));
    this.#cursor.skip(Math.max(0, length - SHOWN));
    return shown;
  }
}

/** The next integer of a type marker; undefined for a type that is no integer. */
export function readNumber(cursor: ByteCursor, type: string): number | undefined {
  if (type === 'U') return cursor.u8();
  if (type === 'i') return (cursor.u8() << 24) >> 24;
  if (type === 'I') return (cursor.u16() << 16) >> 16;
  if (type === 'l') return cursor.i32();
  return type === 'L' ? Number(BigInt.asIntN(64, cursor.u64())) : undefined;
}
