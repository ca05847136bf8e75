import { writeJson } from '../../formats/exact-json/write-json.ts';
import { CordonError } from '../../core/errors.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { type SseEvent, sseBytes } from '../sse/sse-reader.ts';
import type { StreamText } from './stream-text.ts';

/** A piece of a text in an event. */
export interface Delta {
  /** Which text it goes on: choice and channel. */
  readonly key: string;
  readonly text: string;
  readonly set: (text: string) => void;
  /** It is the first of another part of what clients read as one text, which later events repeat part by part. */
  readonly isNextPart?: boolean;
}

/** A stretch of a text in an event. */
interface Piece {
  readonly of: StreamText;
  readonly start: number;
  readonly end: number;
  readonly delta: Delta;
}

/** An event that waits until all its pieces are decided. */
interface Held {
  readonly event: SseEvent;
  readonly json: JsonObject | undefined;
  readonly pieces: readonly Piece[];
  readonly changed: boolean;
  readonly isKnown: boolean;
}

/** Why: more choices and channels than any response has. */
const MOST_TEXTS = 1_024;
const MOST_HELD_BYTES = 32 * 1024 * 1024;

/**
 * Holds the events of a response back, in their order, until all texts in them are decided. An event in which nothing was replaced leaves
 * with the bytes it came with.
 */
export class EventQueue {
  readonly #open: (key: string) => StreamText;
  readonly #strip: (json: JsonObject) => void;
  readonly #texts = new Map<string, StreamText>();
  /** Texts that are complete. */
  readonly #ended = new Set<string>();
  #held: Held[] = [];
  #bytes = 0;
  #decision: GuardDecision | undefined;
  #isTorn = false;
  /** Whether anything was replaced so far. */
  changed = false;

  /** `strip` takes out of an event what repeats the text that was replaced in it. */
  constructor(open: (key: string) => StreamText, strip: (json: JsonObject) => void = () => {}) {
    this.#open = open;
    this.#strip = strip;
  }

  /** Bytes that are held back. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /** Whether something is to be replaced that reaches over two parts. Nothing of it is passed on: events that repeat a part hold half of it. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  /** The decision that ends the response. */
  get blocked(): GuardDecision | undefined {
    return this.#decision;
  }

  /**
   * Takes an event. `changed` says that its JSON is not what its bytes say any more; `isKnown`: it is not passed on, because the client
   * has it; `ended` are the texts that it completes. Throws
   * `upstream.failed` when it would have to hold more than is reasonable.
   */
  push(
    event: SseEvent,
    json: JsonObject | undefined,
    deltas: readonly Delta[],
    ended: (key: string) => boolean,
    changed = false,
    isKnown = false,
  ): void {
    this.#bytes += event.raw.length;
    if (this.#bytes > MOST_HELD_BYTES) throw new CordonError('upstream.failed', 'the model provider sent more than can be held back');
    const pieces: Piece[] = [];
    for (const delta of deltas) {
      // Why: servers name a text once more, empty, when it is over.
      if (delta.text === '' && this.#ended.has(delta.key)) continue;
      const of = this.#textOf(delta.key);
      const start = of.read;
      if (delta.isNextPart === true) of.border();
      of.push(delta.text);
      pieces.push({ of, start, end: of.read, delta });
    }
    this.#held.push({ event, json, pieces, changed, isKnown });
    this.#end(ended);
  }

  /** Appends the bytes that may be passed on now. */
  drain(out: Buffer[]): void {
    if (this.#decision !== undefined) return;
    let count = 0;
    for (const held of this.#held) {
      if (!held.pieces.every(isDecided)) break;
      this.#isTorn ||= held.pieces.some(({ of }) => of.isTorn);
      if (this.#isTorn) break;
      const bytes = this.#write(held);
      if (!held.isKnown) out.push(bytes);
      this.#bytes -= held.event.raw.length;
      count++;
    }
    if (count > 0) this.#held = this.#held.slice(count);
  }

  /** All texts are complete. */
  endAll(): void {
    this.#end(() => true);
  }

  #textOf(key: string): StreamText {
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    // Why: a client would put what comes now behind what it has, and nobody has looked at both as one.
    if (this.#ended.has(key)) throw new CordonError('upstream.failed', 'the model provider went on with a text that was complete');
    if (this.#texts.size >= MOST_TEXTS) throw new CordonError('upstream.failed', 'the model provider sent too many choices');
    const text = this.#open(key);
    this.#texts.set(key, text);
    return text;
  }

  #end(ended: (key: string) => boolean): void {
    for (const [key, text] of this.#texts) {
      if (ended(key)) {
        text.end();
        this.#texts.delete(key);
        this.#ended.add(key);
      }
      this.#decision ??= text.blocked;
    }
  }

  #write({ event, json, pieces, changed }: Held): Buffer {
    let rewrite = changed;
    for (const { of, start, end, delta } of pieces) {
      const text = of.resultOf(start, end, delta.text);
      of.forget(end);
      if (text === undefined) continue;
      delta.set(text);
      rewrite = true;
    }
    if (!rewrite) return event.raw;
    this.changed = true;
    if (json !== undefined) this.#strip(json);
    return sseBytes(writeJson(json), event.name);
  }
}

function isDecided({ of, end }: Piece): boolean {
  return !of.waits && of.decidedUntil >= end;
}
