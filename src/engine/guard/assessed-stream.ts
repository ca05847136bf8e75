import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import type { GuardDecision } from './decision.ts';
import type { Guard } from './guard.ts';
import { GuardStream, type GuardStreamOptions } from './guard-stream.ts';

/** Code units that judges look at together. Why: fewer are too little to judge, more make the reader wait. */
const WINDOW = 1_000;
/** Windows that are judged at the same time beside the output. */
const MOST_BESIDE = 4;

/** How a stream is guarded by judges too. */
export interface AssessedStreamOptions extends Omit<GuardStreamOptions, 'judges'> {
  /**
   * `before`: a window is passed on when the judges have seen it. `beside`: output is passed on at once, and ends when a judge objects;
   * what was passed on until then is out.
   */
  readonly judges?: 'before' | 'beside';
  /** Given when nobody reads the output any more. */
  readonly signal?: AbortSignal;
}

/**
 * Guards output that arrives in pieces as `GuardStream` does, and shows it to the judges of the profile, in windows of about a thousand
 * characters that end with a sentence where they can. Await each call before the next one.
 */
export class AssessedStream {
  readonly #guard: Guard;
  readonly #options: AssessedStreamOptions;
  readonly #inner: GuardStream;
  readonly #pseudonyms: PseudonymMap;
  readonly #stop = new AbortController();
  readonly #beside = new Set<Promise<void>>();
  #window = '';
  #decision: GuardDecision | undefined;

  constructor(guard: Guard, options: AssessedStreamOptions = {}) {
    this.#guard = guard;
    this.#pseudonyms = options.pseudonyms ?? new PseudonymMap();
    this.#options = { ...options, pseudonyms: this.#pseudonyms };
    const { judges: _judges, signal: _signal, ...call } = this.#options;
    this.#inner = new GuardStream(guard, { ...call, judges: 'later' });
  }

  /** The decision that ended the stream; undefined while it goes on. */
  get blocked(): GuardDecision | undefined {
    return this.#decision ?? this.#inner.blocked;
  }

  /** Reads a piece, returns what may be passed on. Never rejects. */
  async push(piece: string): Promise<string> {
    return this.blocked === undefined ? this.#take(this.#inner.push(piece), false) : '';
  }

  /** The output is complete: returns the rest, when every judge has spoken. Never rejects. */
  async end(): Promise<string> {
    if (this.blocked !== undefined) return '';
    const rest = await this.#take(this.#inner.end(), true);
    await Promise.all(this.#beside);
    return this.blocked === undefined ? rest : '';
  }

  /** The output broke off: what is held back is dropped, and nobody is asked any more. */
  abort(): void {
    this.#inner.abort();
    this.#window = '';
    this.#stop.abort();
  }

  async #take(text: string, final: boolean): Promise<string> {
    this.#window += text;
    let out = '';
    for (let window = this.#next(final); window !== ''; window = this.#next(final)) {
      if (this.#options.judges === 'beside') await this.#judgeBeside(window);
      else out += await this.#judged(window);
      if (this.blocked !== undefined) return out;
    }
    return this.#options.judges === 'beside' ? text : out;
  }

  /** The next window, cut where a sentence or word ends in its second half; empty where there is not enough yet. */
  #next(final: boolean): string {
    if (this.#window.length < WINDOW) {
      const rest = final || this.#inner.blocked !== undefined ? this.#window : '';
      if (rest !== '') this.#window = '';
      return rest;
    }
    const head = this.#window.slice(0, WINDOW);
    const [sentence = ''] = /^[^]*[.!?。！？\n](?=\s|$)/.exec(head) ?? [];
    const [words = ''] = /^[^]*\s/.exec(head) ?? [];
    let end = [sentence.length, words.length, WINDOW].find((length) => length > WINDOW / 2) ?? WINDOW;
    if (/[\ud800-\udbff]$/.test(this.#window.slice(0, end))) end--;
    const window = this.#window.slice(0, end);
    this.#window = this.#window.slice(end);
    return window;
  }

  /** What of a window may be passed on. */
  async #judged(window: string): Promise<string> {
    const decision = await this.#assess(window);
    if (decision.effect !== 'block' && decision.effect !== 'hold') return decision.redacted?.[0] ?? window;
    this.#object(decision);
    return '';
  }

  /** Why what would be replaced ends the stream here: it was passed on already. */
  async #judgeBeside(window: string): Promise<void> {
    const one = this.#assess(window).then((decision) => {
      this.#beside.delete(one);
      if (decision.effect !== 'allow') this.#object(decision);
    });
    this.#beside.add(one);
    if (this.#beside.size > MOST_BESIDE) await Promise.race(this.#beside);
  }

  #assess(text: string): Promise<GuardDecision> {
    const { judges: _judges, channel = 'assistant', signal, ...call } = this.#options;
    const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    return this.#guard.assess({ text, channel }, { ...call, signal: stop });
  }

  #object(decision: GuardDecision): void {
    this.#decision ??= decision;
    this.abort();
  }
}
