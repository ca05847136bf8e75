import { dictionary, SPELLING_WORD } from './dictionary.ts';
import { bagHash, HASH_START, hashEnd, hashStep, scatter } from './word-set.ts';
import type { Span } from '../../core/text.ts';

/** What one pass over a text says about which decoders have something to do. */
export interface Survey {
  words: number;
  /** Words of the dictionary, of two letters and more. */
  known: number;
  percent: number;
  ampersand: number;
  backslash: number;
  equalsHex: number;
  angle: number;
  codePoints: number;
  /** Stretches without a space that could be base64 or base32. */
  readonly runs: Span[];
  /** Numbers or pairs of hexadecimal digits in a row, and long stretches of digits. */
  readonly numbers: Span[];
  readonly morse: Span[];
  /** Single letters in a row. */
  readonly singles: Span[];
  /** Where letters are mixed with digits and signs, with what stands near. */
  readonly leet: Span[];
  endsInAy: number;
  /** Words of the spelling alphabet that are rare otherwise. */
  spelling: number;
  brackets: number;
  /** Words that are a dictionary word with the inner letters in another order. */
  readonly shuffled: { start: number; end: number; word: number }[];
  /** Stretches without a known word, where a cipher could be. */
  readonly strange: Span[];
}

const LETTER = 1;
const DIGIT = 2;
const BASE64_SIGN = 4;
const BLANK = 8;
const CLAUSE = 16;
const DASH_DOT = 32;
const LEET_SIGN = 64;

/** Class of each ASCII unit. */
const CLASS = new Uint8Array(128);
/** What each letter adds to the hash of its word, whatever the case. */
const SCATTER = new Int32Array(128);
for (let unit = 0x61; unit <= 0x7a; unit++) {
  CLASS[unit] = CLASS[unit - 0x20] = LETTER;
  SCATTER[unit] = SCATTER[unit - 0x20] = scatter(unit);
}
function mark(chars: string, bit: number): void {
  for (const char of chars) CLASS[char.charCodeAt(0)] = (CLASS[char.charCodeAt(0)] ?? 0) | bit;
}
mark('0123456789', DIGIT);
mark('+/_-', BASE64_SIGN);
mark(' \t\n\r', BLANK);
mark('\n":;!?()[]{}<>`.', CLAUSE);
mark('.-_*', DASH_DOT);
mark('@$!|\\', LEET_SIGN);

/** A stretch with fewer letters is too short for a cipher to be told from a name. */
const MIN_STRANGE_LETTERS = 10;
const MAX_LISTED = 20_000;
/** Words this near to a sign of leetspeak are looked at, too: `411` is "all" only there. */
const LEET_NEAR = 40;
/** Lines of base64 are this far apart at most: a line break and an indent. */
const LINE_GAP = 18;

/** Surveys a normalised text. */
export function survey(text: string): Survey {
  return new Surveyor(text).run();
}

class Surveyor {
  readonly #text: string;
  readonly #result: Survey = {
    words: 0, known: 0, percent: 0, ampersand: 0, backslash: 0, equalsHex: 0, angle: 0, codePoints: 0, runs: [], numbers: [],
    morse: [], singles: [], leet: [], endsInAy: 0, spelling: 0, brackets: 0, shuffled: [], strange: [],
  }; // prettier-ignore
  #singleRun = 0;
  #singleFrom = 0;
  #numberRun = 0;
  #numberFrom = 0;
  #morseRun = 0;
  #morseFrom = 0;
  /** Last unit beyond ASCII. */
  #lastWide = -1;
  readonly #dictionary = dictionary();
  /** The clause at work. */
  #clauseStart = 0;
  #clauseWords = 0;
  #clauseKnown = 0;
  #clauseLetters = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Survey {
    const text = this.#text;
    const length = text.length;
    let tokenStart = 0;
    let runStart = 0;
    let tokenClasses = 0;
    let at = 0;
    while (at <= length) {
      const unit = at < length ? text.charCodeAt(at) : 0x0a;
      const kind = unit < 128 ? (CLASS[unit] ?? 0) : LETTER;
      if (kind === LETTER) {
        const end = this.#letters(at, length);
        tokenClasses |= LETTER;
        if (this.#lastWide >= at) runStart = this.#lastWide + 1;
        at = end;
        continue;
      }
      if ((kind & (DIGIT | BASE64_SIGN)) === 0) {
        if (at - runStart >= 12) this.#run(runStart, at);
        runStart = at + 1;
      }
      if ((kind & BLANK) !== 0) {
        if (at > tokenStart && (tokenClasses !== LETTER || at - tokenStart === 2)) this.#token(tokenStart, at, tokenClasses);
        else if (at > tokenStart) this.#numberRun = this.#morseRun = 0;
        tokenStart = at + 1;
        tokenClasses = 0;
        if (unit === 0x0a) this.#endClause(at);
      } else {
        tokenClasses |= kind === 0 ? 128 : kind;
        if (kind !== DIGIT) this.#sign(unit, kind, at);
      }
      at++;
    }
    this.#endClause(length);
    return this.#result;
  }

  /** Hashes the word that starts here both ways and looks it up; returns its end. */
  #letters(start: number, length: number): number {
    const text = this.#text;
    let hash = HASH_START;
    let bag = 0;
    let at = start;
    for (; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 128) {
        if (CLASS[unit] !== LETTER) break;
        hash = hashStep(hash, unit | 0x20);
        bag = (bag + (SCATTER[unit] ?? 0)) | 0;
      } else {
        hash = hashStep(hash, unit);
        bag = (bag + unit) | 0;
        this.#lastWide = at;
      }
    }
    this.#word(start, at, hashEnd(hash), bag);
    return at;
  }

  #word(start: number, end: number, hash: number, bag: number): void {
    const length = end - start;
    const result = this.#result;
    if (length === 1) {
      if (this.#singleRun++ === 0) this.#singleFrom = start;
      if (this.#singleRun >= 5) list(result.singles, this.#singleFrom, end, 0);
      return;
    }
    this.#singleRun = 0;
    result.words++;
    this.#clauseWords++;
    this.#clauseLetters += length;
    const { known, bags } = this.#dictionary;
    const value = known.get(hash);
    if (value >= 0) {
      if (value === SPELLING_WORD) result.spelling++;
      result.known++;
      this.#clauseKnown++;
      return;
    }
    if (length < 4) return;
    const text = this.#text;
    const last = lower(text.charCodeAt(end - 1));
    if (last === 0x79 && lower(text.charCodeAt(end - 2)) === 0x61) result.endsInAy++;
    const word = bags.get(bagHash(bag, lower(text.charCodeAt(start)), last, length));
    if (word >= 0 && result.shuffled.length < MAX_LISTED) result.shuffled.push({ start, end, word });
  }

  /** A stretch of letters, digits and `+/_-`. */
  #run(start: number, end: number): void {
    const { runs } = this.#result;
    // Plain words are long, too: base64 changes case or has digits inside.
    if (mixesCase(this.#text, start, Math.min(end, start + 64))) list(runs, start, end, LINE_GAP);
  }

  #token(start: number, end: number, classes: number): void {
    const length = end - start;
    if ((classes & ~(DASH_DOT | BASE64_SIGN | CLAUSE | LEET_SIGN)) === 0) {
      if (this.#morseRun++ === 0) this.#morseFrom = start;
      if (this.#morseRun >= 5) list(this.#result.morse, this.#morseFrom, end, 0);
    } else this.#morseRun = 0;
    if ((classes & DIGIT) !== 0) {
      if ((classes & LETTER) !== 0 && length > 2 && isMixed(this.#text, start, end)) list(this.#result.leet, start, end, LEET_NEAR);
      this.#number(start, end, length >= 8);
    } else if ((classes & LETTER) !== 0) {
      if (length === 2 && isHexPair(this.#text, start)) this.#number(start, end, false);
      else this.#numberRun = 0;
      if ((classes & LEET_SIGN) !== 0 && length > 2 && hasInnerSign(this.#text, start, end)) list(this.#result.leet, start, end, LEET_NEAR);
    }
  }

  #number(start: number, end: number, alone: boolean): void {
    if (this.#numberRun++ === 0) this.#numberFrom = start;
    if (this.#numberRun >= 5) list(this.#result.numbers, this.#numberFrom, end, 0);
    else if (alone) list(this.#result.numbers, start, end, 0);
  }

  /** Counts signs where what follows makes them one of an encoding. Why here: a percent sign in prose starts no decoder. */
  #sign(unit: number, kind: number, at: number): void {
    const result = this.#result;
    const next = this.#text.charCodeAt(at + 1);
    switch (unit) {
      case 0x25:
        if (isHexDigit(next) || (next | 0x20) === 0x75) result.percent++;
        break;
      case 0x26:
        if (next === 0x23 || CLASS[next] === LETTER) result.ampersand++;
        break;
      case 0x5c:
        result.backslash++;
        break;
      case 0x3d:
        if (isHexDigit(next) || next === 0x0a || next === 0x0d) result.equalsHex++;
        break;
      case 0x3c:
        if (next === 0x21 || next === 0x2f || CLASS[next] === LETTER) result.angle++;
        break;
      case 0x5d:
        result.brackets++;
        break;
      case 0x2b:
        result.codePoints++;
        break;
      default:
        break;
    }
    if ((kind & CLAUSE) !== 0) this.#endClause(at);
  }

  #endClause(at: number): void {
    const strange = this.#result.strange;
    if (this.#clauseLetters > 0) {
      if (this.#clauseKnown * 5 <= this.#clauseWords && strange.length < MAX_LISTED) this.#addStrange(strange, at);
      this.#clauseWords = this.#clauseKnown = this.#clauseLetters = 0;
    }
    this.#clauseStart = at + 1;
  }

  #addStrange(strange: Span[], at: number): void {
    const last = strange.at(-1);
    if (last && this.#clauseStart - last.end <= 3) strange[strange.length - 1] = { start: last.start, end: at };
    else if (this.#clauseLetters >= MIN_STRANGE_LETTERS) strange.push({ start: this.#clauseStart, end: at });
  }
}

/** Adds a stretch to a sorted list; one that begins before the last ends, or within `near` of it, makes that longer. */
function list(stretches: Span[], start: number, end: number, near: number): void {
  const last = stretches.at(-1);
  if (last && start <= last.end + near) stretches[stretches.length - 1] = { start: Math.min(start, last.start), end };
  else if (stretches.length < MAX_LISTED) stretches.push({ start, end });
}

function lower(unit: number): number {
  return unit < 128 ? unit | 0x20 : unit;
}

/** A sign before a letter; a trailing one is punctuation. */
function hasInnerSign(text: string, start: number, end: number): boolean {
  for (let at = start; at < end - 1 && at < start + 40; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 128 && ((CLASS[unit] ?? 0) & LEET_SIGN) !== 0 && CLASS[text.charCodeAt(at + 1)] === LETTER) return true;
  }
  return false;
}

/** A digit between or before letters; `word2` and `utf8` end with theirs. */
function isMixed(text: string, start: number, end: number): boolean {
  for (let at = start; at < end - 1 && at < start + 40; at++) {
    if (CLASS[text.charCodeAt(at)] === DIGIT && CLASS[text.charCodeAt(at + 1)] === LETTER) return true;
  }
  return false;
}

/** Whether a run of base64 signs looks unlike a word: digits, or capitals after small letters, or capitals only. */
export function mixesCase(text: string, start: number, end: number): boolean {
  let lowerSeen = false;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x61) lowerSeen = true;
    else if (unit <= 0x39 || (lowerSeen && unit >= 0x41 && unit <= 0x5a)) return true;
  }
  return !lowerSeen;
}

function isHexDigit(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66);
}

function isHexPair(text: string, start: number): boolean {
  const first = text.charCodeAt(start) | 0x20;
  const second = text.charCodeAt(start + 1) | 0x20;
  return first >= 0x61 && first <= 0x66 && second >= 0x61 && second <= 0x66;
}
