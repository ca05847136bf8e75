import type { Span } from '../../core/text.ts';

const MIN_LENGTH = 600;
const MIN_TIMES = 40;
const MIN_CHARACTERS = 2_000;
const MAX_PERIOD = 8;
const MAX_WORD = 41;

/** The first stretch in which one character stands 2,000 times in a row, or one to eight words repeat at least forty times. Linear. */
export function repetition(text: string): Span | undefined {
  if (text.length < MIN_LENGTH) return undefined;
  return repeatedCharacter(text) ?? repeatedWords(text);
}

/** Signs that rows are drawn with. */
const DRAWN = new Set([' ', '\n', '\t', '-', '=', '_', '*', '#', '.', '~', '0']);

/** Looks only where a row that is long enough must pass. */
function repeatedCharacter(text: string): Span | undefined {
  for (let probe = MIN_CHARACTERS - 1; probe < text.length; probe += MIN_CHARACTERS) {
    const unit = text.charCodeAt(probe);
    let start = probe;
    while (start > 0 && text.charCodeAt(start - 1) === unit) start--;
    let end = probe + 1;
    while (end < text.length && text.charCodeAt(end) === unit) end++;
    if (end - start >= MIN_CHARACTERS && !DRAWN.has(text[start]!)) return { start, end };
    // A row of drawn signs is not walked through again and again.
    while (probe + MIN_CHARACTERS < end) probe += MIN_CHARACTERS;
  }
  return undefined;
}

const UNKNOWN = 0;
const OTHER = 1;
const LETTER = 2;
/** Goes on within a word, begins none. */
const INSIDE = 3;
/** Class of each UTF-16 unit, found out when first met. A half of a surrogate pair is a letter. */
const classes = new Uint8Array(65_536);

function classOf(unit: number): number {
  const known = classes[unit]!;
  if (known !== UNKNOWN) return known;
  const char = String.fromCharCode(unit);
  const found = /[\p{L}\p{Cs}]/u.test(char) ? LETTER : /[\p{N}']/u.test(char) ? INSIDE : OTHER;
  classes[unit] = found;
  return found;
}

/** Finds the words of a text one after the other. */
class Words {
  readonly #text: string;
  start = 0;
  end: number;
  hash = 0;

  constructor(text: string, from: number) {
    this.#text = text;
    this.end = from;
  }

  /** Goes to the next word; false at the end of the text. */
  next(): boolean {
    const text = this.#text;
    let at = this.end;
    while (at < text.length && classOf(text.charCodeAt(at)) !== LETTER) at++;
    if (at >= text.length) return false;
    const limit = Math.min(text.length, at + MAX_WORD);
    let hash = 0;
    this.start = at;
    for (; at < limit; at++) {
      const unit = text.charCodeAt(at);
      if (classOf(unit) === OTHER) break;
      hash = Math.imul(hash ^ unit, 0x01000193) ^ (hash >>> 15);
    }
    this.end = at;
    this.hash = hash;
    return true;
  }
}

/** Every stretch of {@link MIN_LENGTH} has half of itself behind one of the places that are probed. */
const PROBE_EVERY = MIN_LENGTH / 2;

/** Only where some words in a row come again soon, which they do anywhere in a repetition, the whole text is read. Most texts are only probed. */
function repeatedWords(text: string): Span | undefined {
  for (let probe = 0; probe < text.length;) {
    const words = new Words(text, probe);
    // The probe may have hit the middle of a word.
    if (!words.next()) return undefined;
    const next = words.end;
    if (comesAgain(words)) return repeatedInOrder(text);
    // Why not just the next place: where words are far between, each would be read many times.
    probe = Math.max(probe + PROBE_EVERY, next);
  }
  return undefined;
}

/** Whether the next eight words come again one to eight words later. */
function comesAgain(words: Words): boolean {
  const hashes: number[] = [];
  for (let period = 1; period <= MAX_PERIOD; period++) {
    if (!readUpTo(words, hashes, period)) return false;
    if (hashes[period] !== hashes[0]) continue;
    let same = 1;
    while (same < MAX_PERIOD && readUpTo(words, hashes, period + same) && hashes[period + same] === hashes[same]) same++;
    if (same === MAX_PERIOD) return true;
  }
  return false;
}

function readUpTo(words: Words, hashes: number[], index: number): boolean {
  while (hashes.length <= index) {
    if (!words.next()) return false;
    hashes.push(words.hash);
  }
  return true;
}

/** The first repetition: compares each word with the eight before it, by hash. */
function repeatedInOrder(text: string): Span | undefined {
  const recent = new Int32Array(MAX_PERIOD);
  const runs = new Int32Array(MAX_PERIOD + 1);
  const starts = new Int32Array(MAX_PERIOD + 1);
  let before = 0;
  const words = new Words(text, 0);
  for (let count = 0; words.next(); count++) {
    for (let period = 1; period <= MAX_PERIOD; period++) {
      if (count < period || recent[(count - period) & (MAX_PERIOD - 1)] !== words.hash) runs[period] = 0;
      else {
        const run = ++runs[period]!;
        if (run === 1) starts[period] = before;
        if (run >= period * MIN_TIMES && words.end - starts[period]! >= MIN_LENGTH) return { start: starts[period]!, end: words.end };
      }
    }
    recent[count & (MAX_PERIOD - 1)] = words.hash;
    before = words.start;
  }
  return undefined;
}
