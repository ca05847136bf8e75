import { endOfBlock, HARD } from './blocks.ts';
import { CLASS, FOLD, IDEOGRAPH, MARK, SPACE } from './code-units.ts';
import { BITS, BUCKETS, type Head, type Model } from './model.ts';
import type { Span } from '../../core/text.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MIX = 0x2c1b3c6d;
const PAIR = 0x9e3779b1;
const GAP = 0x85ebca6b;
const SHIFT = 32 - BITS;

/** Longer runs are encoded data: only their beginning gives character n-grams. */
const LONGEST_WORD = 40;

/** Windows of one text at most. Why: the work of any input stays bounded; 4,096 windows are about 700,000 characters. */
const MOST_WINDOWS = 4096;

/** What the worst window of a text says. */
export interface Score {
  /** Probability of an attack, 0 to 1, calibrated on sources left out of training. */
  readonly probability: number;
  /** The window it comes from, in the offsets of the scored text. */
  readonly span: Span;
  /** False when the text has more windows than are read. */
  readonly complete: boolean;
}

/** What a block adds to the windows it takes part in: for itself, and beside the block before it without what both have. */
interface Sums {
  chars: number;
  words: number;
  charCount: number;
  wordCount: number;
  newChars: number;
  newWords: number;
  newCharCount: number;
  newWordCount: number;
}

/**
 * The hashed linear model over windows of a text. Each distinct n-gram of a window counts once; the score is the highest of all windows.
 * Holds scratch tables, so one scorer serves one thread.
 */
export class Scorer {
  readonly #model: Model;
  // For each bucket the number of the last block that had it: tells in one read whether this block or the one before did.
  readonly #charSeen = new Uint16Array(BUCKETS);
  readonly #wordSeen = new Uint16Array(BUCKETS);
  // A run of one block with a space at both ends, folded.
  readonly #run = new Uint16Array(HARD + 2).fill(32);
  #block = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Scores a text that was normalised before (or a decoded view). `channel` chooses the head. */
  score(text: string, channel: keyof Model['heads']): Score {
    const head = this.#model.heads[channel];
    let best = Number.NEGATIVE_INFINITY;
    let span: Span = { start: 0, end: text.length };
    this.#begin();
    let before: { start: number; sums: Sums } | undefined;
    let start = 0;
    for (let windows = 0; start < text.length && windows < MOST_WINDOWS; windows++) {
      const end = endOfBlock(text, start);
      const sums = this.#read(text, start, end, head);
      const alone = before === undefined && end === text.length;
      if (alone || before !== undefined) {
        const value = alone ? windowScore(head, undefined, sums) : windowScore(head, before?.sums, sums);
        if (value > best) {
          best = value;
          span = { start: before?.start ?? 0, end };
        }
      }
      before = { start, sums };
      start = end;
    }
    if (best === Number.NEGATIVE_INFINITY) return { probability: 0, span, complete: true };
    return { probability: 1 / (1 + Math.exp(-(head.slope * best + head.offset))), span, complete: start >= text.length };
  }

  #read(text: string, from: number, to: number, head: Head): Sums {
    const sums: Sums = { chars: 0, words: 0, charCount: 0, wordCount: 0, newChars: 0, newWords: 0, newCharCount: 0, newWordCount: 0 };
    this.#block++;
    let one = 0;
    let two = 0;
    let tokens = 0;
    for (let at = from; at < to;) {
      const first = text.charCodeAt(at);
      const kind = CLASS[first];
      if (kind === SPACE) {
        at++;
        continue;
      }
      let end = at + 1;
      if (kind === MARK) while (end < to && text.charCodeAt(end) === first) end++;
      else {
        while (end < to && CLASS[text.charCodeAt(end)] === kind) end++;
        this.#characters(text, at, kind === IDEOGRAPH ? end : Math.min(end, at + LONGEST_WORD), head, sums);
      }
      // Ideographs are one token each, everything else one token a run.
      for (let unit = at; unit < end;) {
        const stop = kind === IDEOGRAPH ? unit + 1 : end;
        const token = kind === MARK ? Math.imul(FNV_OFFSET ^ first, FNV_PRIME) : hashRun(text, unit, stop);
        this.#word(mix(token), head, sums);
        if (tokens >= 1) this.#word(mix(Math.imul(one, PAIR) ^ token), head, sums);
        if (tokens >= 2) {
          this.#word(mix(Math.imul(Math.imul(two, PAIR) ^ one, PAIR) ^ token), head, sums);
          this.#word(mix(Math.imul(two, GAP) ^ token), head, sums);
        }
        two = one;
        one = token;
        tokens++;
        unit = stop;
      }
      at = end;
    }
    return sums;
  }

  /** The 3- to 5-grams of a run with a space at both ends. */
  #characters(text: string, from: number, to: number, head: Head, sums: Sums): void {
    const { chars, charValues } = head;
    const seen = this.#charSeen;
    const block = this.#block;
    const run = this.#run;
    // run[0] stays a space.
    const length = to - from + 2;
    for (let at = from; at < to; at++) run[at - from + 1] = FOLD[text.charCodeAt(at)]!;
    run[length - 1] = 32;
    let total = 0;
    let count = 0;
    let newTotal = 0;
    let newCount = 0;
    for (let at = 0; at < length - 2; at++) {
      let hash = Math.imul(Math.imul(FNV_OFFSET ^ run[at]!, FNV_PRIME) ^ run[at + 1]!, FNV_PRIME);
      const stop = Math.min(at + 5, length);
      for (let next = at + 2; next < stop; next++) {
        hash = Math.imul(hash ^ run[next]!, FNV_PRIME);
        const bucket = Math.imul(hash ^ (hash >>> 15), MIX) >>> SHIFT;
        const last = seen[bucket]!;
        if (last === block) continue;
        seen[bucket] = block;
        const value = charValues[chars[bucket]!]!;
        total += value;
        count++;
        if (last === block - 1) continue;
        newTotal += value;
        newCount++;
      }
    }
    sums.chars += total;
    sums.charCount += count;
    sums.newChars += newTotal;
    sums.newCharCount += newCount;
  }

  #word(bucket: number, head: Head, sums: Sums): void {
    const last = this.#wordSeen[bucket]!;
    if (last === this.#block) return;
    this.#wordSeen[bucket] = this.#block;
    const value = head.wordValues[head.words[bucket]!]!;
    sums.words += value;
    sums.wordCount++;
    if (last === this.#block - 1) return;
    sums.newWords += value;
    sums.newWordCount++;
  }

  /** Gives the first block of a text a number that no block of this or the last text comes before. */
  #begin(): void {
    this.#block++;
    if (this.#block + MOST_WINDOWS < 65_535) return;
    this.#charSeen.fill(0);
    this.#wordSeen.fill(0);
    this.#block = 1;
  }
}

function windowScore(head: Head, before: Sums | undefined, last: Sums): number {
  const chars = before === undefined ? last.chars : before.chars + last.newChars;
  const words = before === undefined ? last.words : before.words + last.newWords;
  const charCount = before === undefined ? last.charCount : before.charCount + last.newCharCount;
  const wordCount = before === undefined ? last.wordCount : before.wordCount + last.newWordCount;
  return head.bias + chars / Math.sqrt(Math.max(1, charCount)) + words / Math.sqrt(Math.max(1, wordCount));
}

function hashRun(text: string, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ FOLD[text.charCodeAt(at)]!, FNV_PRIME);
  return hash;
}

function mix(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), MIX) >>> SHIFT;
}
