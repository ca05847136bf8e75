import { CordonError } from '../../core/errors.ts';
import type { Segment } from '../../core/text.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { GuardCall } from '../../engine/guard/guard.ts';
import { checkPlaces } from '../guarding/guard-places.ts';
import { EventQueue } from '../guarding/event-queue.ts';
import { refuses } from '../guarding/refusal.ts';
import { FlowingText, type StreamText, WholeText } from '../guarding/stream-text.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readJson } from '../json/read-json.ts';
import type { StreamReading } from '../protocol.ts';
import { type SseEvent, SseReader } from '../sse/sse-reader.ts';
import type { Guarding } from './guarding.ts';

/** Guards a streamed answer: bytes of the upstream go in, bytes for the client come out. */
export class StreamAnswer {
  readonly #guarding: Guarding;
  readonly #reading: StreamReading;
  readonly #reader = new SseReader();
  readonly #queue: EventQueue;
  #decision: GuardDecision | undefined;
  /** The last event of the answer was read. */
  #isOver = false;
  /** So was the mark behind it. */
  #isDone = false;
  /** UTF-16 code units of output so far, for an estimate where the upstream counts nothing. */
  outputUnits = 0;

  /** Texts of the answer as they came, by their keys; only where judges will be shown them. */
  readonly #texts: Map<string, string> | undefined;
  /** Texts that came as a whole. */
  readonly #wholes: Segment[] = [];
  readonly #call: GuardCall;

  constructor(guarding: Guarding) {
    this.#guarding = guarding;
    this.#texts = guarding.guard.hasJudges ? new Map() : undefined;
    // Why later: nothing of an answer that judges have to see is passed on before they have.
    this.#call = guarding.guard.hasJudges ? { ...guarding.call, judges: 'later' } : guarding.call;
    this.#reading = guarding.protocol.stream();
    this.#queue = new EventQueue(
      (key) => this.#open(key),
      (json) => guarding.protocol.strip(json),
    );
  }

  /** The decision that ends the answer; undefined while it goes on. */
  get blocked(): GuardDecision | undefined {
    return this.#decision ?? this.#queue.blocked;
  }

  /** Whether texts were replaced so far. */
  get changed(): boolean {
    return this.#queue.changed;
  }

  /** Reads a piece, returns what may be passed on. Throws `upstream.failed` for what is no stream of this protocol. */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    for (const event of this.#reader.push(chunk)) {
      this.#take(event);
      if (this.blocked !== undefined) break;
      this.#queue.drain(out);
    }
    return out;
  }

  /** The upstream has ended: returns the rest. Throws `upstream.failed` if that was in the middle of the answer. */
  end(): Buffer[] {
    const last = this.#reader.end();
    if (last !== undefined && this.blocked === undefined) this.#take(last);
    if (this.blocked === undefined && !this.#isOver && !this.#reading.isComplete)
      throw new CordonError('upstream.failed', 'the model provider broke the answer off');
    this.#queue.endAll();
    const out: Buffer[] = [];
    if (this.blocked === undefined) this.#queue.drain(out);
    return out;
  }

  /** What judges are to see of an answer that is complete: every text by itself, and none of them twice. */
  segments(): readonly Segment[] {
    const flowing = [...(this.#texts ?? [])].map(([key, text]) => ({ text, channel: this.#reading.textOf(key).channel }));
    const seen = new Set(flowing.map(({ text }) => text));
    return [...flowing, ...this.#wholes.filter(({ text }) => !seen.has(text) && seen.add(text) !== undefined)];
  }

  /** Events that tell the client that the guard ended the answer. */
  blockedEvents(): Buffer[] {
    return this.#reading.blocked();
  }

  /** Events that tell the client that the answer failed. */
  failedEvents(error: CordonError): Buffer[] {
    return this.#reading.failed(error);
  }

  #take(event: SseEvent): void {
    const isDone = event.data?.trim() === '[DONE]';
    // Why nothing else: what comes after the end is for nobody, and clients differ in whether they read it.
    if (this.#isDone || (this.#isOver && !isDone)) return;
    const json = jsonOf(event);
    const view = this.#reading.read(event, json);
    this.#isDone = isDone;
    this.#isOver ||= view.last;
    if (view.usage !== undefined) this.#guarding.exchange.usage = view.usage;
    if (json !== undefined && this.#guarding.addedUsage && isUsageOnly(json)) return;
    for (const call of view.calls ?? []) this.#decision ??= this.#guarding.toolCalls.objectionTo(call);
    // Why after the calls: what goes on from this answer knows of them.
    if (view.made !== undefined) this.#guarding.made?.(view.made);
    if (this.#decision !== undefined) return;
    let changed = view.changed ?? false;
    if (view.places !== undefined && view.places.list.length > 0) {
      const { guard, restored } = this.#guarding;
      if (this.#texts !== undefined) this.#wholes.push(...view.places.list.map(({ segment }) => segment));
      const guarded = checkPlaces(guard, view.places, this.#call, restored);
      if (refuses(guarded.decision)) {
        this.#decision = guarded.decision;
        return;
      }
      changed ||= guarded.changed;
    }
    for (const { key, text } of view.deltas) {
      this.outputUnits += text.length;
      this.#texts?.set(key, (this.#texts.get(key) ?? '') + text);
    }
    this.#queue.push(event, json, view.deltas, view.ends, changed, view.isKnown);
  }

  #open(key: string): StreamText {
    const { guard, restored, toolCalls, keep } = this.#guarding;
    const { channel, whole } = this.#reading.textOf(key);
    if (!whole) return new FlowingText(guard, channel, this.#call, restored, keep);
    return new WholeText((text) => toolCalls.judge(this.#reading.callOf(key, text), text, this.#call, restored, keep));
  }
}

function jsonOf({ data }: SseEvent): JsonObject | undefined {
  if (data === undefined) return undefined;
  if (!data.startsWith('{') && (data.trim() === '' || data.trim() === '[DONE]')) return undefined;
  const { value, problem } = readJson(data);
  if (problem === 'syntax') throw new CordonError('upstream.failed', 'the model provider sent an event that is not JSON');
  if (problem !== undefined) throw new CordonError('upstream.failed', 'the model provider sent an event that readers do not read alike');
  if (!isObject(value)) throw new CordonError('upstream.failed', 'the model provider sent an event that is no object');
  return value;
}

/** The event that only counts tokens, which the client did not ask for. */
function isUsageOnly({ choices, usage }: JsonObject): boolean {
  return isObject(usage) && Array.isArray(choices) && choices.length === 0;
}
