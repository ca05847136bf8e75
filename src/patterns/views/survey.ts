import { dictionary } from './dictionary.ts';
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
  /** A stretch without a space that could be base64. */
  longRun: boolean;
  /** Most numbers or pairs of hexadecimal digits in a row. */
  numbers: boolean;
  /** A long stretch of hexadecimal digits. */
  hexRun: boolean;
  morse: boolean;
  singles: boolean;
  leet: number;
  endsInAy: number;
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
mark('@$!|+(<{[', LEET_SIGN);

/** A stretch with fewer letters is too short for a cipher to be told from a name. */
const MIN_STRANGE_LETTERS = 10;
const MAX_LISTED = 20_000;

/** Surveys a normalised text. */
export function survey(text: string): Survey {
  return new Surveyor(text).run();
}

class Surveyor {
  readonly #text: string;
  readonly #result: Survey = {
    words: 0, known: 0, percent: 0, ampersand: 0, backslash: 0, equalsHex: 0, angle: 0, codePoints: 0, longRun: false, numbers: false,
    hexRun: false, morse: false, singles: false, leet: 0, endsInAy: 0, brackets: 0, shuffled: [], strange: [],
  }; // prettier-ignore
  #singleRun = 0;
  #numberRun = 0;
  #morseRun = 0;
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
    let wordStart = 0;
    let tokenStart = 0;
    let runStart = 0;
    let tokenClasses = 0;
    let hash = HASH_START;
    let bag = 0;
    for (let at = 0; at <= length; at++) {
      const unit = at < length ? text.charCodeAt(at) : 0x0a;
      const kind = unit < 128 ? (CLASS[unit] ?? 0) : LETTER;
      if (kind === LETTER) {
        hash = hashStep(hash, unit < 128 ? unit | 0x20 : unit);
        bag = (bag + (unit < 128 ? (SCATTER[unit] ?? 0) : unit)) | 0;
        tokenClasses |= LETTER;
        if (unit >= 128) runStart = at + 1;
        continue;
      }
      if (at > wordStart) {
        this.#word(wordStart, at, hashEnd(hash), bag);
        hash = HASH_START;
        bag = 0;
      }
      wordStart = at + 1;
      if ((kind & (DIGIT | BASE64_SIGN)) === 0) {
        if (at - runStart >= 12) this.#run(runStart, at);
        runStart = at + 1;
      }
      if ((kind & BLANK) !== 0) {
        if (at > tokenStart) this.#token(tokenStart, at, tokenClasses);
        tokenStart = at + 1;
        tokenClasses = 0;
        if (unit === 0x0a) this.#endClause(at);
        continue;
      }
      tokenClasses |= kind === 0 ? 128 : kind;
      if (kind !== DIGIT) this.#sign(unit, kind, at);
    }
    this.#endClause(length);
    return this.#result;
  }

  #word(start: number, end: number, hash: number, bag: number): void {
    const length = end - start;
    const result = this.#result;
    if (length === 1) {
      if (++this.#singleRun >= 5) result.singles = true;
      return;
    }
    this.#singleRun = 0;
    result.words++;
    this.#clauseWords++;
    this.#clauseLetters += length;
    const { known, bags } = dictionary();
    if (known.get(hash) >= 0) {
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
    const result = this.#result;
    // Plain words are long, too: base64 changes case or has digits inside.
    if (!result.longRun && mixesCase(this.#text, start, Math.min(end, start + 64))) result.longRun = true;
  }

  #token(start: number, end: number, classes: number): void {
    const result = this.#result;
    const length = end - start;
    if ((classes & ~DASH_DOT & 0xff) === 0 || (classes & ~(DASH_DOT | BASE64_SIGN | CLAUSE)) === 0) {
      if (length <= 7 || this.#text.includes('/', start)) this.#morseRun++;
      if (this.#morseRun >= 5) result.morse = true;
    } else this.#morseRun = 0;
    if ((classes & DIGIT) === 0) {
      if ((classes & LETTER) !== 0) {
        if (length > 2 || !isHexPair(this.#text, start)) this.#numberRun = 0;
        else if (++this.#numberRun >= 5) result.numbers = true;
        if ((classes & LEET_SIGN) !== 0) result.leet++;
      }
      return;
    }
    if ((classes & LETTER) === 0) {
      if (length >= 8) result.hexRun = true;
    } else {
      result.leet++;
      if (length >= 8) result.hexRun = true;
    }
    if (++this.#numberRun >= 5) result.numbers = true;
  }

  #sign(unit: number, kind: number, at: number): void {
    const result = this.#result;
    switch (unit) {
      case 0x25:
        result.percent++;
        break;
      case 0x26:
        result.ampersand++;
        break;
      case 0x5c:
        result.backslash++;
        break;
      case 0x3d:
        result.equalsHex++;
        break;
      case 0x3c:
        result.angle++;
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

function lower(unit: number): number {
  return unit < 128 ? unit | 0x20 : unit;
}

function mixesCase(text: string, start: number, end: number): boolean {
  let lowerSeen = false;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x61) lowerSeen = true;
    else if (unit <= 0x39 || (lowerSeen && unit >= 0x41 && unit <= 0x5a)) return true;
  }
  return !lowerSeen;
}

function isHexPair(text: string, start: number): boolean {
  const first = text.charCodeAt(start) | 0x20;
  const second = text.charCodeAt(start + 1) | 0x20;
  return first >= 0x61 && first <= 0x66 && second >= 0x61 && second <= 0x66;
}
