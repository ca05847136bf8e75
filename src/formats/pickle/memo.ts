import { limitReached } from '../../core/budget.ts';
import type { Lost, Value } from './values.ts';

/** Values kept. Why: memory must not grow with the file; names are memoized early, and what is lost and needed is kept in a second pass. */
const KEPT_VALUES = 65_536;
/** Imported objects kept beyond that. Why: an ordinary stream has few, and they decide what is called. */
const KEPT_IMPORTS = 250_000;
/** Lost entries kept in a second pass. Why: with more, the stream is hostile and what is lost counts as computed. */
const WANTED_LIMIT = 50_000;
/** Indices known by bit; larger ones, which ordinary picklers never write, go to a set. */
const BITMAP_LIMIT = 2 ** 27;
const SPARSE_LIMIT = 100_000;

/**
 * The pickle memo with CPython's semantics: any index can be written, `MEMOIZE` writes at the number of entries. Which
 * indices exist is exact; values are kept only while there are few, or when `wanted` names them.
 */
export class Memo {
  readonly #parent: Memo | undefined;
  readonly #wanted: ReadonlySet<number>;
  readonly #values = new Map<number, Value>();
  readonly #sparse = new Set<number>();
  #bits = new Uint8Array(64);
  #count = 0;

  constructor(wanted: ReadonlySet<number>, parent?: Memo) {
    this.#wanted = wanted;
    this.#parent = parent;
    this.#count = parent?.size ?? 0;
  }

  /** Number of entries, as `len(memo)`. */
  get size(): number {
    return this.#count;
  }

  put(index: number, value: Value): void {
    if (!this.has(index)) {
      this.#count++;
      this.#mark(index);
    }
    if (this.#isKept(index, value)) this.#values.set(index, value);
    else if (this.#values.size > 0) this.#values.delete(index);
  }

  has(index: number): boolean {
    const byte = index >>> 3;
    if (index < BITMAP_LIMIT && byte < this.#bits.length && ((this.#bits[byte] as number) & (1 << (index & 7))) !== 0) return true;
    return this.#sparse.has(index) || (this.#parent?.has(index) ?? false);
  }

  /** The value at `index`, `Lost` when it was not kept, undefined when nothing was ever put there. */
  get(index: number): Value | undefined {
    const value = this.#values.get(index);
    if (value !== undefined) return value;
    if (!this.has(index)) return undefined;
    return this.#markedHere(index) ? ({ kind: 'lost', index } satisfies Lost) : this.#parent?.get(index);
  }

  #isKept(index: number, value: Value): boolean {
    if (this.#values.size < KEPT_VALUES) return isWorthKeeping(value) || this.#wanted.has(index);
    if (typeof value === 'object' && value.kind === 'global') return this.#values.size < KEPT_IMPORTS;
    return this.#wanted.size > 0 && this.#wanted.has(index);
  }

  #markedHere(index: number): boolean {
    const byte = index >>> 3;
    return (
      this.#sparse.has(index) ||
      (index < BITMAP_LIMIT && byte < this.#bits.length && ((this.#bits[byte] as number) & (1 << (index & 7))) !== 0)
    );
  }

  #mark(index: number): void {
    if (index >= BITMAP_LIMIT) {
      if (this.#sparse.size >= SPARSE_LIMIT) throw limitReached('steps', SPARSE_LIMIT);
      this.#sparse.add(index);
      return;
    }
    const byte = index >>> 3;
    if (byte >= this.#bits.length) {
      const grown = new Uint8Array(Math.min(BITMAP_LIMIT / 8, Math.max(byte + 1, this.#bits.length * 2)));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[byte] = (this.#bits[byte] as number) | (1 << (index & 7));
  }
}

/** Longest text that can be a module or attribute name worth keeping. */
const NAME_LENGTH = 128;

/** Numbers and texts that cannot be names never decide what a stream calls. */
function isWorthKeeping(value: Value): boolean {
  if (typeof value === 'number') return false;
  if (typeof value === 'string') return value.length <= NAME_LENGTH;
  return value.kind !== 'none' && value.kind !== 'bool' && value.kind !== 'text';
}

/** Notes that the fate of the stream hangs on a memo entry that was not kept. */
export function want(wanted: Set<number>, value: Value): void {
  if (typeof value === 'object' && value.kind === 'lost' && wanted.size < WANTED_LIMIT) wanted.add(value.index);
}
