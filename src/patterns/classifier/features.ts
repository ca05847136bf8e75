import { HARD } from './blocks.ts';
import { CLASS, FOLD, IDEOGRAPH, MARK, SPACE } from './code-units.ts';
import { BITS } from './model.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MIX = 0x2c1b3c6d;
const PAIR = 0x9e3779b1;
const GAP = 0x85ebca6b;
const SHIFT = 32 - BITS;
const HASH_OF_SPACE = Math.imul(FNV_OFFSET ^ 32, FNV_PRIME);

/** Longer runs are encoded data: only their beginning gives character n-grams. */
const LONGEST_WORD = 40;

/**
 * The buckets of the n-grams of one block, with repeats: 3- to 5-grams of the characters of each run with a space at both ends; one to
 * three tokens in a row, and two with one left out. One object is filled again and again. Why lists: finding the buckets and adding up what
 * stands in them are two loops without a branch in the middle, which is twice as fast as one with.
 */
export class BlockFeatures {
  // A run of n units with its two spaces has at most 3 n n-grams; a block has at most as many runs as units.
  readonly chars: Int32Array = new Int32Array(HARD * 3 + 3);
  readonly words: Int32Array = new Int32Array(HARD * 4);
  charCount = 0;
  wordCount = 0;
  #hash = 0;
  // The tokens before, of how many.
  #one = 0;
  #two = 0;
  #tokens = 0;

  /** Reads the block `[from, to)`. */
  read(text: string, from: number, to: number): void {
    this.charCount = 0;
    this.wordCount = 0;
    this.#tokens = 0;
    for (let at = from; at < to;) {
      const first = text.charCodeAt(at);
      const kind = CLASS[first]!;
      if (kind === SPACE) {
        at++;
        continue;
      }
      let end = at + 1;
      if (kind === MARK) {
        while (end < to && text.charCodeAt(end) === first) end++;
        this.#token(Math.imul(FNV_OFFSET ^ first, FNV_PRIME));
      } else {
        end = this.#run(text, at, to, kind);
        // Ideographs are one token each, everything else one token a run.
        if (kind !== IDEOGRAPH) this.#token(this.#hash);
        else for (let letter = at; letter < end; letter++) this.#token(Math.imul(FNV_OFFSET ^ FOLD[text.charCodeAt(letter)]!, FNV_PRIME));
      }
      at = end;
    }
  }

  /** The character n-grams and the hash of the run that starts here, in one pass; returns its end. */
  #run(text: string, from: number, to: number, kind: number): number {
    const { chars } = this;
    const longest = kind === IDEOGRAPH ? HARD : LONGEST_WORD;
    let count = this.charCount;
    let hash = FNV_OFFSET;
    // Hashes of the last one to four units; a space stands before the run.
    let one = HASH_OF_SPACE;
    let two = 0;
    let three = 0;
    let four = 0;
    let at = from;
    for (let unit = text.charCodeAt(at); CLASS[unit] === kind; unit = text.charCodeAt(at)) {
      const folded = FOLD[unit]!;
      const read = at - from;
      hash = Math.imul(hash ^ folded, FNV_PRIME);
      if (read < longest) {
        const five = Math.imul(four ^ folded, FNV_PRIME);
        four = Math.imul(three ^ folded, FNV_PRIME);
        three = Math.imul(two ^ folded, FNV_PRIME);
        two = Math.imul(one ^ folded, FNV_PRIME);
        one = Math.imul(FNV_OFFSET ^ folded, FNV_PRIME);
        chars[count] = bucketOf(three);
        chars[count + 1] = bucketOf(four);
        chars[count + 2] = bucketOf(five);
        // At the beginning fewer of them are n-grams; the next ones take their places.
        count += read < 3 ? read : 3;
      }
      if (++at >= to) break;
    }
    const length = Math.min(at - from, longest);
    chars[count] = bucketOf(Math.imul(two ^ 32, FNV_PRIME));
    chars[count + 1] = bucketOf(Math.imul(three ^ 32, FNV_PRIME));
    chars[count + 2] = bucketOf(Math.imul(four ^ 32, FNV_PRIME));
    this.charCount = count + (length < 3 ? length : 3);
    this.#hash = hash;
    return at;
  }

  /** The token n-grams that end with this token. */
  #token(token: number): void {
    const { words } = this;
    const one = this.#one;
    const two = this.#two;
    let count = this.wordCount;
    words[count++] = bucketOf(token);
    if (this.#tokens >= 1) words[count++] = bucketOf(Math.imul(one, PAIR) ^ token);
    if (this.#tokens >= 2) {
      words[count++] = bucketOf(Math.imul(Math.imul(two, PAIR) ^ one, PAIR) ^ token);
      words[count++] = bucketOf(Math.imul(two, GAP) ^ token);
    }
    this.wordCount = count;
    this.#two = one;
    this.#one = token;
    this.#tokens++;
  }
}

function bucketOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), MIX) >>> SHIFT;
}
