import { contains } from '../matching/char-set.ts';
import type { CompiledPattern } from '../matching/compile.ts';
import { isWord } from '../matching/word-units.ts';

/**
 * Says which patterns can be under way at the end of a text, and where the first of their matches can begin: what follows consists of
 * characters of the pattern, begins with one that a match begins with, and not in the middle of a word where the pattern forbids that.
 */
export class TailStarts {
  /** The patterns, by the number of their bit. */
  readonly members: readonly number[];
  /** Bits of the patterns that the last walk found. */
  readonly found: Int32Array;
  /** Where the first match of each of them can begin. */
  readonly starts: Int32Array;
  readonly #patterns: readonly CompiledPattern[];
  readonly #words: number;
  readonly #alive: Int32Array;
  /** Patterns that begin anywhere. */
  readonly #inWord: Int32Array;
  /** For each code unit one bit for each pattern: in its alphabet; at its beginning. Rows are filled when first met. */
  readonly #rows: Int32Array;
  readonly #known = new Uint8Array(65_536);

  constructor(patterns: readonly CompiledPattern[], members: readonly number[]) {
    this.members = members;
    this.#patterns = members.map((index) => patterns[index]!);
    this.#words = Math.ceil(members.length / 32);
    this.found = new Int32Array(this.#words);
    this.starts = new Int32Array(this.#words * 32);
    this.#alive = new Int32Array(this.#words);
    this.#inWord = new Int32Array(this.#words);
    this.#rows = new Int32Array(65_536 * this.#words * 2);
    this.#mark(this.#inWord, 0, ({ atBoundary }) => !atBoundary);
  }

  /** Walks back from the end of the text, at most to `from`. */
  walk(text: string, from: number): void {
    const { found, starts } = this;
    const words = this.#words;
    const alive = this.#alive.fill(-1);
    const inWord = this.#inWord;
    const rows = this.#rows;
    found.fill(0);
    for (let at = text.length - 1; at >= from; at--) {
      const code = text.charCodeAt(at);
      if (this.#known[code] === 0) this.#learn(code);
      const row = code * words * 2;
      const begins = isWord(text, at - 1) ? inWord : ANYWHERE;
      let any = 0;
      for (let word = 0; word < words; word++) {
        const left = (alive[word]! &= rows[row + word]!);
        any |= left;
        let bits = left & rows[row + words + word]!;
        if (begins !== ANYWHERE) bits &= begins[word]!;
        found[word]! |= bits;
        for (; bits !== 0; bits &= bits - 1) starts[(word << 5) + 31 - Math.clz32(bits & -bits)] = at;
      }
      if (any === 0) return;
    }
  }

  #learn(code: number): void {
    const row = code * this.#words * 2;
    this.#mark(this.#rows, row, ({ alphabet }) => contains(alphabet, code));
    this.#mark(this.#rows, row + this.#words, ({ first }) => contains(first, code));
    this.#known[code] = 1;
  }

  #mark(bits: Int32Array, offset: number, holds: (pattern: CompiledPattern) => boolean): void {
    for (const [index, pattern] of this.#patterns.entries()) if (holds(pattern)) bits[offset + (index >> 5)]! |= 1 << (index & 31);
  }
}

const ANYWHERE = new Int32Array(0);
