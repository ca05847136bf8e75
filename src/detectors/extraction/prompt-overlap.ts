import type { Span } from '../../core/text.ts';

/** Why: a system prompt of a megabyte is no prompt; the rest is not looked for. */
const MAX_WORDS = 50_000;
/** Stretches listed at most. */
const MAX_SPANS = 100;

const UNKNOWN = 0;
const OTHER = 1;
/** Letters and digits. */
const WORD = 2;
/** Class of each code unit, found out when first met. */
const classes = new Uint8Array(65_536);

/** Factor of the hash of a row of words: that of its words, each times a power of it. */
const STEP = 0x2c1b3c6d;
/** The bits of a hash that are asked first, and those asked next. */
const FILTER_MASK = 0xfff;
const FILTER_BITS = 12;
const FIRST = 1;
const SECOND = 2;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Finds rows of words that also stand in a secret text, whatever the punctuation and case. */
export class PromptOverlap {
  readonly #secret: string;
  /** Hashes of its rows. */
  readonly #hashes: Int32Array;
  /** The same, made when the filter lets one through. Why so late: most prompts never meet one, and it takes half of the time of the rest. */
  #known: Set<number> | undefined;
  /** `FIRST` where a hash ends so, `SECOND` where the bits before are so: tells nearly all rows of other texts apart. */
  readonly #filter = new Uint8Array(FILTER_MASK + 1);
  /** The rows themselves, made when a hash is met. Why so late: most texts share no row with a prompt. */
  #rows: Set<string> | undefined;
  readonly #length: number;
  /** What the word that leaves a row is taken away with. */
  readonly #leaving: number;

  constructor(secret: string, length: number) {
    this.#secret = secret;
    const words = new WordHashes(secret);
    const all: number[] = [];
    while (all.length < MAX_WORDS && words.next()) all.push(words.hash);
    this.#length = Math.min(length, Math.max(5, all.length));
    let leaving = 1;
    for (let at = 0; at < this.#length; at++) leaving = Math.imul(leaving, STEP);
    this.#leaving = leaving;
    this.#hashes = new Int32Array(Math.max(0, all.length - this.#length + 1));
    let row = 0;
    for (let at = 0; at < all.length; at++) {
      row = (Math.imul(row, STEP) + all[at]!) | 0;
      if (at >= this.#length) row = (row - Math.imul(all[at - this.#length]!, leaving)) | 0;
      if (at + 1 < this.#length) continue;
      this.#hashes[at + 1 - this.#length] = row;
      this.#filter[row & FILTER_MASK]! |= FIRST;
      this.#filter[(row >>> FILTER_BITS) & FILTER_MASK]! |= SECOND;
    }
  }

  /** Stretches of the text made of such rows, joined where they overlap. */
  find(text: string): Span[] {
    if (this.#hashes.length === 0) return [];
    const length = this.#length;
    const words = new WordHashes(text);
    // The last words, in turns: what each begins at, and its hash.
    const starts = new Int32Array(length);
    const hashes = new Int32Array(length);
    const spans: { start: number; end: number }[] = [];
    const filter = this.#filter;
    let row = 0;
    for (let count = 0, slot = 0; words.next(); count++) {
      row = (Math.imul(row, STEP) + words.hash - Math.imul(hashes[slot]!, this.#leaving)) | 0;
      starts[slot] = words.start;
      hashes[slot] = words.hash;
      if (++slot === length) slot = 0;
      if (count + 1 < length || (filter[row & FILTER_MASK]! & FIRST) === 0) continue;
      if ((filter[(row >>> FILTER_BITS) & FILTER_MASK]! & SECOND) === 0 || !this.#isKnown(row)) continue;
      const start = starts[slot]!;
      const { end } = words;
      if (!this.#holds(text.slice(start, end))) continue;
      const last = spans.at(-1);
      if (last !== undefined && start <= last.end) last.end = end;
      else if (spans.length < MAX_SPANS) spans.push({ start, end });
    }
    return spans;
  }

  #isKnown(hash: number): boolean {
    this.#known ??= new Set(this.#hashes);
    return this.#known.has(hash);
  }

  #holds(row: string): boolean {
    this.#rows ??= rowsOf(this.#secret, this.#length);
    return this.#rows.has(wordsOf(row).join(' '));
  }
}

function rowsOf(secret: string, length: number): Set<string> {
  const words = wordsOf(secret);
  const rows = new Set<string>();
  for (let at = 0; at + length <= words.length; at++) rows.add(words.slice(at, at + length).join(' '));
  return rows;
}

function wordsOf(text: string): string[] {
  const found = new WordHashes(text);
  const words: string[] = [];
  while (words.length < MAX_WORDS && found.next()) words.push(text.slice(found.start, found.end).toLowerCase());
  return words;
}

/** Finds the words of a text one after the other, each with a hash that is the same whatever the case. */
class WordHashes {
  readonly #text: string;
  start = 0;
  end = 0;
  hash = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes to the next word; false at the end of the text. */
  next(): boolean {
    const text = this.#text;
    const { length } = text;
    let at = this.end;
    while (at < length && wordUnits(text, at) === 0) at++;
    if (at >= length) return false;
    this.start = at;
    let hash = FNV_OFFSET;
    let all = 0;
    while (at < length) {
      const unit = text.charCodeAt(at);
      const units = classes[unit] === WORD ? 1 : wordUnits(text, at);
      if (units === 0) break;
      all |= unit;
      // Why: of ASCII only the capitals change, and digits have the bit already.
      hash = Math.imul(hash ^ (unit | 0x20), FNV_PRIME);
      at += units;
    }
    this.end = at;
    this.hash = all < 0x80 ? hash : hashOf(text.slice(this.start, at).toLowerCase());
    return true;
  }
}

/** Code units of the letter or digit that stands there; 0 for none. */
function wordUnits(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const known = classes[unit]!;
  if (known === WORD) return 1;
  if (known === OTHER) return 0;
  if (unit >= 0xd800 && unit <= 0xdbff) return isWord(text.codePointAt(at)!) ? 2 : 0;
  return (classes[unit] = isWord(unit) ? WORD : OTHER) === WORD ? 1 : UNKNOWN;
}

function isWord(code: number): boolean {
  return /[\p{L}\p{N}]/u.test(String.fromCodePoint(code));
}

function hashOf(word: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ (word.charCodeAt(at) | 0x20), FNV_PRIME);
  return hash;
}
