/**
 * Normalisation: what a reader sees and a model understands, in plain letters, with the way back to the original offsets.
 *
 *     const normal = normalise(text);
 *     normal.text                      // match rules on this
 *     normal.map.toOriginal(3, 9)      // span of the original, UTF-16, end exclusive
 *     normal.signals.hidden            // hidden characters are a finding in themselves
 *
 * Order: tag characters become ASCII; zero-width, bidi, soft hyphen, variation selector, invisible operator, filler and control
 * characters go; NFKC (full-width, mathematical, circled letters); squared, negative and regional letters; marks go after Latin
 * letters only; typographic quotes, dashes and spaces become plain; look-alikes fold in words that mix Latin with another script.
 * Pure, synchronous, linear in the length, never throws; lone surrogates stay as they are. Plain ASCII is returned as it came.
 */
import {
  actionOf,
  ACTIONS,
  dropsMarks,
  foldCluster,
  FOREIGN,
  HIDDEN,
  isCompatibilityMark,
  KEEP,
  MARK,
  REPLACE,
  replacementOf,
  SINGLE,
  SINGLES,
  SURROGATE,
} from './fold.ts';
import { HiddenCollector, hiddenKind } from './hidden.ts';
import type { HiddenKind, HiddenRun } from './hidden.ts';
import { foldHomoglyphs } from './homoglyphs.ts';
import { identityMap, OffsetMapBuilder } from './offset-map.ts';
import type { OffsetMap } from './offset-map.ts';
import type { Span } from '../../core/text.ts';

/** Normalised text with its map and with what was odd about the original. */
export interface Normalised {
  readonly original: string;
  readonly text: string;
  /** From offsets of `text` to offsets of `original`. */
  readonly map: OffsetMap;
  readonly signals: NormaliseSignals;
}

/** Signs of hiding. What belongs to ordinary writing is not counted: joiners in Persian or emoji, flags, a byte order mark. */
export interface NormaliseSignals {
  /** Runs of hidden characters in the original, at most 1,000; `hiddenCounts` counts all. */
  readonly hidden: readonly HiddenRun[];
  readonly hiddenCounts: Readonly<Partial<Record<HiddenKind, number>>>;
  /** Words of the original with folded look-alikes of another script: the first 1,000, and how many. */
  readonly homoglyphWords: readonly Span[];
  readonly homoglyphCount: number;
  /** Latin letters written in compatibility forms: full-width, mathematical, circled, regional. */
  readonly styledLetters: number;
  /** Separate combining marks dropped after Latin letters and digits. */
  readonly droppedMarks: number;
}

const QUIET: NormaliseSignals = { hidden: [], hiddenCounts: {}, homoglyphWords: [], homoglyphCount: 0, styledLetters: 0, droppedMarks: 0 };
const NOT_PLAIN = /[^\t\n\r\x20-\x7e]/;

/** Why: Unicode's stream-safe limit (UAX 15). Sorting longer runs of marks takes quadratic time. */
const MAX_MARKS = 30;

/** Room for what one step can write: the longest expansion (18 units) of a base and its marks. */
const MAX_CLUSTER = 18 * (MAX_MARKS + 2);

/** How far ahead the composition of marks is checked at once. */
const COMPOSED_STRETCH = 256;

/** Normalises a text; see the head of this file. */
export function normalise(text: string): Normalised {
  if (!NOT_PLAIN.test(text)) return { original: text, text, map: identityMap(text.length), signals: QUIET };
  return new Folding(text).run();
}

class Folding {
  readonly #source: string;
  readonly #map = new OffsetMapBuilder();
  readonly #hidden = new HiddenCollector();
  #out: Uint16Array;
  #length = 0;
  /** Start of the stretch of the source whose units map one to one, up to the position at work. */
  #linearFrom = 0;
  /** Marks before this offset are known to be composed. */
  #composedUpTo = 0;
  /** Marks before this offset are looked at one cluster at a time. */
  #uncomposedUpTo = 0;
  #foreign = false;
  #styled = 0;
  #marks = 0;

  constructor(source: string) {
    this.#source = source;
    this.#out = new Uint16Array(source.length + 64);
  }

  run(): Normalised {
    const source = this.#source;
    const length = source.length;
    let at = 0;
    while (at < length) {
      const unit = source.charCodeAt(at);
      const action = ACTIONS[unit] ?? KEEP;
      if (action === KEEP) {
        this.#out[this.#length++] = unit;
        at++;
      } else {
        at = this.#apply(action, unit, at);
      }
    }
    this.#mapUpTo(length);
    return this.#finish();
  }

  #apply(known: number, unit: number, at: number): number {
    if (this.#length + MAX_CLUSTER > this.#out.length - (this.#source.length - at)) this.#grow();
    let code = unit;
    let action = known;
    if (known === SURROGATE || known > SINGLE) {
      code = this.#source.codePointAt(at) ?? unit;
      action = actionOf(code);
    }
    const next = at + (code > 0xffff ? 2 : 1);
    switch (action) {
      case SINGLE:
        return this.#single(unit, at);
      case HIDDEN:
        this.#hide(code, at, next);
        return next;
      case REPLACE:
        return this.#replace(code, at, next);
      case MARK:
        return this.#mark(at, next);
      default:
        if (action === FOREIGN) this.#foreign = true;
        this.#keep(at, next);
        return next;
    }
  }

  #keep(from: number, to: number): void {
    for (let at = from; at < to; at++) this.#out[this.#length++] = this.#source.charCodeAt(at);
  }

  /** The stretch of one-to-one units ends here. */
  #mapUpTo(at: number): void {
    this.#map.copy(this.#linearFrom, at);
  }

  /** Replaces [from, to) of the source; `from` is the position at work or, for a composed base, shortly before it. */
  #write(replacement: string, from: number, to: number): void {
    this.#mapUpTo(from);
    for (let at = 0; at < replacement.length; at++) this.#out[this.#length++] = replacement.charCodeAt(at);
    this.#map.replace(from, to, replacement.length);
    this.#linearFrom = to;
  }

  #single(unit: number, at: number): number {
    const folded = SINGLES[unit] ?? unit;
    if (folded > 0x7f) {
      this.#foreign = true;
      const end = this.#marksAfter(at + 1);
      if (end > at + 1) {
        this.#write(foldCluster(this.#source.slice(at, end)), at, end);
        return end;
      }
    } else if (unit >= 0x2000 && isAsciiLetter(folded)) this.#styled++;
    this.#out[this.#length++] = folded;
    return at + 1;
  }

  #replace(code: number, at: number, next: number): number {
    const replacement = replacementOf(code);
    const last = replacement.charCodeAt(replacement.length - 1);
    if (last > 0x7f) {
      this.#foreign = true;
      const end = this.#marksAfter(next);
      this.#write(end > next ? foldCluster(this.#source.slice(at, end)) : replacement, at, end);
      return end;
    }
    if (code >= 0x2000 && isAsciiLetter(last)) this.#styled++;
    this.#write(replacement, at, next);
    return next;
  }

  #mark(at: number, next: number): number {
    const base = this.#before();
    if (base !== 0 && dropsMarks(base)) {
      const end = this.#marksAfter(at);
      this.#marks += end - at;
      this.#write('', at, end);
      return end;
    }
    this.#foreign = true;
    const start = Math.max(at - (base > 0xffff ? 2 : 1), this.#linearFrom);
    if (this.#isComposed(start, at)) {
      this.#keep(at, next);
      return next;
    }
    const end = this.#marksAfter(at);
    const raw = this.#source.slice(start, end);
    const folded = foldCluster(raw);
    if (folded === raw) this.#keep(at, end);
    else {
      this.#length -= at - start;
      this.#write(folded, start, end);
    }
    return end;
  }

  /** Looks a stretch ahead at a time, because asking mark by mark is slow for scripts that are full of marks. */
  #isComposed(start: number, at: number): boolean {
    if (isCompatibilityMark(this.#source.codePointAt(at) ?? 0)) return false;
    if (at < this.#composedUpTo) return true;
    if (at < this.#uncomposedUpTo) return false;
    const stretch = this.#source.slice(start, start + COMPOSED_STRETCH);
    if (stretch.normalize('NFC') !== stretch) {
      this.#uncomposedUpTo = start + stretch.length;
      return false;
    }
    this.#composedUpTo = start + stretch.length;
    return at < this.#composedUpTo;
  }

  #marksAfter(from: number): number {
    const limit = Math.min(this.#source.length, from + MAX_MARKS);
    let at = from;
    while (at < limit) {
      const code = this.#source.codePointAt(at) ?? 0;
      if (actionOf(code) !== MARK) break;
      at += code > 0xffff ? 2 : 1;
    }
    return at;
  }

  /** The last code point written, 0 at the start. */
  #before(): number {
    const unit = this.#out[this.#length - 1] ?? 0;
    if (unit < 0xdc00 || unit > 0xdfff || this.#length < 2) return unit;
    const high = this.#out[this.#length - 2] ?? 0;
    return high >= 0xd800 && high <= 0xdbff ? 0x10000 + ((high - 0xd800) << 10) + unit - 0xdc00 : unit;
  }

  #hide(code: number, at: number, next: number): void {
    const kind = hiddenKind(code) ?? 'control';
    const before = this.#before();
    const ofFlag = kind === 'tag' && before === FLAG;
    const shows = kind === 'tag' && !ofFlag && code >= 0xe0020 && code <= 0xe007e;
    this.#write(shows ? String.fromCharCode(code - 0xe0000) : '', at, next);
    if (!ofFlag && !isOrdinary(kind, code, at, before)) this.#hidden.add(kind, at, next);
  }

  #grow(): void {
    const larger = new Uint16Array(this.#out.length * 2 + MAX_CLUSTER * 2);
    larger.set(this.#out);
    this.#out = larger;
  }

  #finish(): Normalised {
    const map = this.#map.build();
    const folded = this.#foreign ? foldHomoglyphs(this.#out, this.#length) : undefined;
    return {
      original: this.#source,
      text: unitsToString(this.#out, this.#length),
      map,
      signals: {
        hidden: this.#hidden.runs,
        hiddenCounts: this.#hidden.counts,
        homoglyphWords: folded?.words.map((word) => map.toOriginal(word.start, word.end)) ?? [],
        homoglyphCount: folded?.count ?? 0,
        styledLetters: this.#styled,
        droppedMarks: this.#marks,
      },
    };
  }
}

/** The black flag, which tag characters turn into the flag of a region. */
const FLAG = 0x1f3f4;

/** Hidden characters that honest text has: joiners and emoji selectors after what is not Latin, a leading byte order mark. */
function isOrdinary(kind: HiddenKind, code: number, at: number, before: number): boolean {
  if (code === 0xfeff) return at === 0;
  if (code === 0x200c || code === 0x200d) return before > 0x7f && !dropsMarks(before);
  if (code === 0xfe0f || code === 0xfe0e) return !isAsciiLetter(before);
  return kind === 'control' && code === 0x0c;
}

function unitsToString(units: Uint16Array, length: number): string {
  return Buffer.from(units.buffer, units.byteOffset, length * 2).toString('utf16le');
}

function isAsciiLetter(code: number): boolean {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
}
