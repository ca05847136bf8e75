import { CordonError, malformed } from '../../core/errors.ts';
import type { Input } from '../inflate/input.ts';
import { HALF, RangeDecoder } from './range-decoder.ts';
import { Window } from './window.ts';

const STATES = 12;
/** States below this one follow a literal. */
const AFTER_MATCH = 7;
const POS_STATES = 16;
/** Where each kind of model lies in the one array of them. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POS_STATES;
const IS_REP0 = IS_REP + STATES;
const IS_REP1 = IS_REP0 + STATES;
const IS_REP2 = IS_REP1 + STATES;
const IS_REP0_LONG = IS_REP2 + STATES;
const SLOT = IS_REP0_LONG + STATES * POS_STATES;
const SPECIAL = SLOT + 4 * 64;
const ALIGN = SPECIAL + 128;
const LENGTH = ALIGN + 16;
const LENGTH_MODELS = 2 + POS_STATES * 8 * 2 + 256;
const REP_LENGTH = LENGTH + LENGTH_MODELS;
const LITERAL = REP_LENGTH + LENGTH_MODELS;
const LITERAL_MODELS = 0x300;
const MIN_MATCH = 2;
const END_MARK = 0xffff_ffff;

/** LZMA proper: what LZMA-alone files, LZMA2 chunks, zip members and 7z folders have in common. */
export class LzmaCore {
  readonly range: RangeDecoder;
  /** True once the end mark was met. */
  ended = false;
  readonly #window: Window;
  #models = new Uint16Array(0);
  #lc = 0;
  #literalMask = 0;
  #posMask = 0;
  #state = 0;
  /** Distances of the last four matches, less one. */
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  #broken: CordonError | undefined;
  /** What is left of a match that the last piece cut off. */
  #pending = 0;

  constructor(input: Input, dictionarySize: number) {
    this.range = new RangeDecoder(input);
    this.#window = new Window(dictionarySize);
  }

  /** Sets literal context, literal position and position bits from their packed byte, and resets the models. */
  setProperties(packed: number): void {
    if (packed >= 225) throw malformed('LZMA properties');
    const rest = Math.floor(packed / 9);
    this.#lc = packed % 9;
    this.#literalMask = (1 << (rest % 5)) - 1;
    this.#posMask = (1 << Math.floor(rest / 5)) - 1;
    this.#models = new Uint16Array(LITERAL + (LITERAL_MODELS << (this.#lc + (rest % 5))));
    this.resetState();
  }

  /** True once {@link setProperties} was called. */
  get ready(): boolean {
    return this.#models.length > 0;
  }

  /** Forgets everything but the dictionary. */
  resetState(): void {
    this.#models.fill(HALF);
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
    this.#pending = 0;
  }

  /** Forgets the dictionary. */
  resetDictionary(): void {
    this.#window.reset();
  }

  /** True while a match is cut off: it must not be where a run ends. */
  get midMatch(): boolean {
    return this.#pending > 0;
  }

  /** Decodes at most `wanted` bytes; fewer where the ring or the stream ends. The view dies with the next call. */
  decode(wanted: number): Uint8Array {
    if (this.#broken !== undefined) throw this.#broken;
    const window = this.#window;
    const room = window.room();
    const start = window.at;
    const end = start + Math.min(wanted, room);
    try {
      while (window.at < end && !this.ended) {
        if (this.#pending > 0) this.#copyMatch(end);
        else this.#symbol(end);
      }
    } catch (error) {
      // What came out before the break is handed out first: loaders get it too.
      if (!(error instanceof CordonError) || window.at === start) throw error;
      this.#broken = error;
    }
    return window.bytes.subarray(start, window.at);
  }

  /** Puts bytes that were not compressed where matches find them; returns those that fitted. The view dies with the next call. */
  store(bytes: Uint8Array): Uint8Array {
    const window = this.#window;
    const length = Math.min(bytes.length, window.room());
    const start = window.at;
    window.bytes.set(bytes.subarray(0, length), start);
    window.at += length;
    return window.bytes.subarray(start, window.at);
  }

  /** Decodes one more symbol, which must be the end mark. */
  readEndMark(): void {
    if (!this.midMatch) {
      this.#window.room();
      this.#symbol(this.#window.at);
    }
    if (!this.ended) throw malformed('LZMA data goes on behind its declared size', this.range.input.offset);
  }

  #symbol(end: number): void {
    const range = this.range;
    const models = this.#models;
    const state = this.#state;
    const posState = this.#window.at & this.#posMask;
    if (range.bit(models, IS_MATCH + state * POS_STATES + posState) === 0) {
      if (this.#window.at < end) this.#literal(state);
      return;
    }
    if (range.bit(models, IS_REP + state) === 0) this.#newMatch(state, posState);
    else this.#repeatedMatch(state, posState);
    if (this.ended) return;
    this.#window.check(this.#rep0 + 1);
    this.#copyMatch(end);
  }

  #literal(state: number): void {
    const range = this.range;
    const models = this.#models;
    const window = this.#window;
    const previous = window.filled === 0 ? 0 : window.back(1);
    const base = LITERAL + LITERAL_MODELS * (((window.at & this.#literalMask) << this.#lc) + (previous >>> (8 - this.#lc)));
    let symbol = 1;
    if (state >= AFTER_MATCH) {
      window.check(this.#rep0 + 1);
      let expected = window.back(this.#rep0 + 1);
      let same = true;
      while (same && symbol < 0x100) {
        const wanted = (expected >>> 7) & 1;
        expected <<= 1;
        const bit = range.bit(models, base + ((1 + wanted) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        same = wanted === bit;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(models, base + symbol);
    window.bytes[window.at++] = symbol;
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  #newMatch(state: number, posState: number): void {
    this.#rep3 = this.#rep2;
    this.#rep2 = this.#rep1;
    this.#rep1 = this.#rep0;
    const length = this.#length(LENGTH, posState);
    this.#rep0 = this.#distance(length);
    this.#state = state < AFTER_MATCH ? 7 : 10;
    if (this.#rep0 === END_MARK) this.ended = true;
    else this.#pending = length + MIN_MATCH;
  }

  #repeatedMatch(state: number, posState: number): void {
    const range = this.range;
    const models = this.#models;
    if (range.bit(models, IS_REP0 + state) === 0) {
      if (range.bit(models, IS_REP0_LONG + state * POS_STATES + posState) === 0) {
        this.#state = state < AFTER_MATCH ? 9 : 11;
        this.#pending = 1;
        return;
      }
    } else {
      let distance = this.#rep1;
      if (range.bit(models, IS_REP1 + state) === 1) {
        distance = this.#rep2;
        if (range.bit(models, IS_REP2 + state) === 1) {
          distance = this.#rep3;
          this.#rep3 = this.#rep2;
        }
        this.#rep2 = this.#rep1;
      }
      this.#rep1 = this.#rep0;
      this.#rep0 = distance;
    }
    this.#state = state < AFTER_MATCH ? 8 : 11;
    this.#pending = this.#length(REP_LENGTH, posState) + MIN_MATCH;
  }

  #copyMatch(end: number): void {
    const window = this.#window;
    const length = Math.min(this.#pending, end - window.at);
    window.copy(this.#rep0 + 1, length);
    this.#pending -= length;
  }

  #length(base: number, posState: number): number {
    const range = this.range;
    const models = this.#models;
    if (range.bit(models, base) === 0) return range.tree(models, base + 2 + posState * 8, 3);
    if (range.bit(models, base + 1) === 0) return 8 + range.tree(models, base + 2 + POS_STATES * 8 + posState * 8, 3);
    return 16 + range.tree(models, base + 2 + 2 * POS_STATES * 8, 8);
  }

  #distance(length: number): number {
    const range = this.range;
    const models = this.#models;
    const slot = range.tree(models, SLOT + Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >>> 1) - 1;
    const high = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return high + range.reverseTree(models, SPECIAL + high - slot, bits);
    return high + range.direct(bits - 4) * 16 + range.reverseTree(models, ALIGN, 4);
  }
}
