import type { Channel } from '../../core/text.ts';
import { RestoreStream } from '../../patterns/redact/restore.ts';
import type { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { Guard, GuardCall } from '../../engine/guard/guard.ts';
import { GuardStream } from '../../engine/guard/guard-stream.ts';

/** A stretch of a text that is decided: as it came, or replaced. */
interface Decided {
  readonly start: number;
  readonly end: number;
  /** What takes its place; undefined: it stays as it came. */
  readonly text: string | undefined;
}

/** One text that arrives in pieces: a choice and channel of a response. Offsets are UTF-16 code units of the text as it came. */
export abstract class StreamText {
  /** Code units that arrived. */
  read = 0;
  readonly #decided: Decided[] = [];
  #decidedUntil = 0;
  /** Where another part begins. */
  #borders: number[] = [];
  /** Whether what is replaced reaches from one part into the next. */
  isTorn = false;

  /** The decision that ends the response; undefined while there is none. */
  abstract get blocked(): GuardDecision | undefined;
  abstract push(piece: string): void;
  /** The text is complete. */
  abstract end(): void;

  /** Whether nothing of it may be passed on before it is complete. */
  get waits(): boolean {
    return false;
  }

  /** Up to here everything is decided. */
  get decidedUntil(): number {
    return this.#decidedUntil;
  }

  /** What becomes of a stretch that is decided; undefined: it stays as it is. What replaces several stretches goes into the first. */
  resultOf(start: number, end: number, original: string): string | undefined {
    let text = '';
    let same = true;
    for (const one of this.#decided) {
      if (one.end <= start || one.start >= end) continue;
      if (one.text === undefined) text += original.slice(Math.max(one.start, start) - start, Math.min(one.end, end) - start);
      else {
        same = false;
        if (one.start >= start) text += one.text;
      }
    }
    return same ? undefined : text;
  }

  /** What comes next is in another part. */
  border(): void {
    this.#borders.push(this.read);
  }

  /** What ends before this is not asked for again. */
  forget(before: number): void {
    let count = 0;
    while (count < this.#decided.length && this.#decided[count]!.end <= before) count++;
    if (count > 0) this.#decided.splice(0, count);
  }

  /** Notes what became of the stretch up to `end`. Only what differs counts as replaced. */
  protected decide(end: number, original: string, text: string): void {
    const start = this.#decidedUntil;
    if (end <= start) return;
    this.#decidedUntil = end;
    if (original === text) {
      this.#note({ start, end, text: undefined });
      return;
    }
    const { from, to, by } = difference(original, text);
    if (this.#borders.length > 0) {
      this.isTorn ||= this.#borders.some((border) => start + from < border && border < start + to);
      this.#borders = this.#borders.filter((border) => border >= end);
    }
    this.#note({ start, end: start + from, text: undefined });
    this.#note({ start: start + from, end: start + to, text: by });
    this.#note({ start: start + to, end, text: undefined });
  }

  #note(decided: Decided): void {
    if (decided.start < decided.end) this.#decided.push(decided);
  }
}

/** A text that is passed on while it arrives. */
export class FlowingText extends StreamText {
  readonly #stream: GuardStream;
  readonly #restore: RestoreStream | undefined;
  readonly #keep: ((text: string) => void) | undefined;
  /** What arrived and is not decided. */
  #pending = '';
  /** What was passed on and waits for the rest of a name. */
  #out = '';

  /** `keep` takes what is passed on, before any value is put back. */
  constructor(guard: Guard, channel: Channel, call: Omit<GuardCall, 'session'>, restored?: PseudonymMap, keep?: (text: string) => void) {
    super();
    this.#keep = keep;
    this.#stream = new GuardStream(guard, { ...call, channel });
    this.#restore = restored === undefined ? undefined : new RestoreStream(restored);
  }

  override get blocked(): GuardDecision | undefined {
    return this.#stream.blocked;
  }

  override push(piece: string): void {
    this.read += piece.length;
    this.#pending += piece;
    this.#take(this.#stream.push(piece), false);
  }

  override end(): void {
    this.#take(this.#stream.end(), true);
  }

  #take(passed: string, final: boolean): void {
    if (this.blocked !== undefined) return;
    this.#keep?.(passed);
    this.#out += this.#restore === undefined ? passed : this.#restore.push(passed);
    if (final && this.#restore !== undefined) this.#out += this.#restore.end();
    if (this.#restore !== undefined && this.#restore.held > 0) return;
    const until = this.#stream.passedUnits;
    const units = until - this.decidedUntil;
    if (units === 0) return;
    this.decide(until, this.#pending.slice(0, units), this.#out);
    this.#pending = this.#pending.slice(units);
    this.#out = '';
  }
}

/** A text that is passed on when it is complete and somebody has decided about it, such as the arguments of a tool call. */
export class WholeText extends StreamText {
  readonly #judge: (text: string) => string | GuardDecision;
  #text = '';
  #ended = false;
  #decision: GuardDecision | undefined;

  /** `judge` gets the whole text and returns what takes its place, or the decision that ends the response. */
  constructor(judge: (text: string) => string | GuardDecision) {
    super();
    this.#judge = judge;
  }

  override get blocked(): GuardDecision | undefined {
    return this.#decision;
  }

  override get waits(): boolean {
    return !this.#ended;
  }

  override push(piece: string): void {
    this.read += piece.length;
    this.#text += piece;
  }

  override end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const judged = this.#judge(this.#text);
    if (typeof judged === 'string') this.decide(this.read, this.#text, judged);
    else this.#decision = judged;
    this.#text = '';
  }
}

/** The stretch, never an empty one, in which two texts differ, and what the second has there. Never cuts a pair of surrogates. */
function difference(original: string, text: string): { readonly from: number; readonly to: number; readonly by: string } {
  const most = Math.min(original.length - 1, text.length);
  let prefix = 0;
  while (prefix < most && original.charCodeAt(prefix) === text.charCodeAt(prefix)) prefix++;
  if (isHighSurrogate(original.charCodeAt(prefix - 1))) prefix--;
  let suffix = 0;
  while (
    suffix < Math.min(original.length - 1 - prefix, text.length - prefix) &&
    original.charCodeAt(original.length - 1 - suffix) === text.charCodeAt(text.length - 1 - suffix)
  )
    suffix++;
  if (isLowSurrogate(original.charCodeAt(original.length - suffix))) suffix--;
  return { from: prefix, to: original.length - suffix, by: text.slice(prefix, text.length - suffix) };
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
