import { forget, CONTEXT_REACH, findStarting, logTriggers, type TriggerLog } from '../matching/find.ts';
import type { Hit } from '../matching/pattern.ts';
import { clusterEnd, resolveCluster } from '../matching/resolve.ts';
import { type HoldPlan, holdFrom } from './hold.ts';

/** What is put in the place of a match. Called once per match, in the order of the text. */
export type Replace = (hit: Hit, match: string) => string;

/** Why: a whole buffer is copied when the passed part of it is dropped. */
const TRIM_AT = 384;

/**
 * Filters a text that arrives in pieces: whatever the pieces, their outputs joined are what filtering the whole text gives. Holds back
 * only what the text to come can still make part of a match, at most the longest match and one chain of overlapping matches. One filter
 * per conversation channel and choice.
 */
export class StreamFilter {
  readonly #plan: HoldPlan;
  readonly #replace: Replace;
  #text = '';
  #state = 0;
  #log: TriggerLog = [];
  /** Every match that starts before it is known. */
  #decided = 0;
  #passed = 0;
  #hits: Hit[] = [];

  constructor(plan: HoldPlan, replace: Replace) {
    this.#plan = plan;
    this.#replace = replace;
  }

  /** UTF-16 code units that were read and not yet passed on. */
  get held(): number {
    return this.#text.length - this.#passed;
  }

  /** Reads a piece, returns what is decided. */
  push(piece: string): string {
    if (piece === '') return '';
    const { set } = this.#plan;
    const read = this.#text.length;
    this.#text += piece;
    this.#state = logTriggers(set, this.#text, read, this.#text.length, this.#state, this.#log);
    this.#decide(holdFrom(this.#plan, this.#text, this.#decided, this.#log, this.#state));
    const out = this.#pass();
    this.#trim();
    return out;
  }

  /** The text is complete: returns the rest. */
  end(): string {
    this.#decide(this.#text.length);
    const out = this.#pass(true);
    this.abort();
    return out;
  }

  /** The text broke off: what was held back is dropped, because nobody knows what it was the beginning of. */
  abort(): void {
    this.#text = '';
    this.#state = 0;
    this.#log = [];
    this.#decided = 0;
    this.#passed = 0;
    this.#hits = [];
  }

  #decide(hold: number): void {
    if (hold <= this.#decided) return;
    for (const hit of findStarting(this.#plan.set, this.#text, this.#decided, hold, this.#log)) this.#hits.push(hit);
    this.#decided = hold;
  }

  #pass(final = false): string {
    return this.#hits.length === 0 ? this.#passUpTo(this.#decided, final) : this.#replaceHits(final);
  }

  #replaceHits(final: boolean): string {
    const { set } = this.#plan;
    const slice = (start: number, end: number): string => this.#text.slice(start, end);
    let out = '';
    let at = 0;
    while (at < this.#hits.length) {
      const { offset, next, limit } = clusterEnd(this.#hits, at, this.#passed);
      if (!final && this.#decided < Math.min(offset, limit)) break;
      for (const hit of resolveCluster(set, this.#hits.slice(at, next), this.#passed, slice)) {
        out += slice(this.#passed, hit.start) + this.#replace(hit, slice(hit.start, hit.end));
        this.#passed = hit.end;
      }
      at = next;
      // What a chain covers and no piece took is punctuation between pieces.
      if (offset > this.#passed) {
        out += slice(this.#passed, offset);
        this.#passed = offset;
      }
    }
    this.#hits = this.#hits.slice(at);
    const open = this.#hits[0];
    return out + this.#passUpTo(open === undefined ? this.#decided : Math.min(open.start, this.#decided), final);
  }

  #passUpTo(offset: number, final: boolean): string {
    const safe = !final && isHighSurrogate(this.#text.charCodeAt(offset - 1)) ? offset - 1 : offset;
    if (safe <= this.#passed) return '';
    const out = this.#text.slice(this.#passed, safe);
    this.#passed = safe;
    return out;
  }

  #trim(): void {
    const drop = Math.min(this.#passed, this.#decided) - CONTEXT_REACH - MAX_TRIGGER;
    const shift = drop < TRIM_AT ? 0 : drop;
    if (this.#log.length > 0) forget(this.#plan.set, this.#log, this.#decided, shift);
    if (shift === 0) return;
    this.#text = this.#text.slice(drop);
    this.#decided -= drop;
    this.#passed -= drop;
    this.#hits = this.#hits.map((hit) => ({ ...hit, start: hit.start - drop, end: hit.end - drop }));
  }
}

/** Why: the code unit before a trigger that is being read may be asked for. */
const MAX_TRIGGER = 96;

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
