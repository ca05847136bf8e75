import { CordonError } from '../../core/errors.ts';
import type { Channel } from '../../core/text.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { GuardCall } from '../../engine/guard/guard.ts';
import { checkPlaces } from '../guarding/guard-places.ts';
import { type Delta, EventQueue } from '../guarding/event-queue.ts';
import { JudgedText, JudgedWhole, RepeatedText, type SeenText } from '../guarding/judged-text.ts';
import type { Judging } from '../guarding/judging.ts';
import { objection, refuses } from '../guarding/refusal.ts';
import { FlowingText, type StreamText, WholeText } from '../guarding/stream-text.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readJson } from '../json/read-json.ts';
import type { Places } from '../places/places.ts';
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

  readonly #judging: Judging | undefined;
  /** Texts of the answer as they came, by their keys; only where judges are shown them. */
  readonly #texts = new Map<string, string>();
  /** Texts that came as a whole, and that judges are shown: their keys. */
  readonly #wholes = new Map<string, string>();
  /** What judges see, by its key; and what repeats some of it: the key of that. */
  readonly #seen = new Map<string, SeenText>();
  readonly #repeats = new Map<string, string>();
  #count = 0;
  readonly #call: GuardCall;

  /** With `judging` nothing is passed on that judges have not seen; without it they see nothing. */
  constructor(guarding: Guarding, judging?: Judging) {
    this.#guarding = guarding;
    this.#judging = judging;
    // Why later: judges that are not asked here do not count as failed.
    this.#call = guarding.guard.hasJudges ? { ...guarding.call, judges: 'later' } : guarding.call;
    this.#reading = guarding.protocol.stream();
    this.#queue = new EventQueue(
      (key) => this.#open(key),
      (json) => guarding.protocol.strip(json),
    );
  }

  /** The decision that ends the answer; undefined while it goes on. */
  get blocked(): GuardDecision | undefined {
    if (this.#queue.isTorn) this.#decision ??= objection('parts', 'Something reaches over two parts.', this.#guarding.guard.policyDigest);
    return this.#decision ?? this.#queue.blocked ?? this.#judging?.blocked;
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

  /**
   * Whether so much is held back that no more should come for now. Why only while judges are asked: what waits for more of the answer, as a
   * tool call does for its end, would wait for ever.
   */
  get isFull(): boolean {
    return this.#judging?.isBusy === true && this.#queue.heldBytes > MOST_WAITING_BYTES;
  }

  /** What may be passed on by now, because judges have spoken. */
  drain(): Buffer[] {
    const out: Buffer[] = [];
    if (this.blocked === undefined) this.#queue.drain(out);
    return out;
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
    let wholes: readonly Delta[] = [];
    if (view.places !== undefined && view.places.list.length > 0) {
      const { guard, restored } = this.#guarding;
      const guarded = checkPlaces(guard, view.places, this.#call, restored);
      if (refuses(guarded.decision)) {
        this.#decision = guarded.decision;
        return;
      }
      changed ||= guarded.changed;
      if (this.#judging !== undefined) wholes = this.#wholesOf(view.places, guarded.decision);
    }
    for (const { key, text } of view.deltas) {
      this.outputUnits += text.length;
      if (this.#judging !== undefined) this.#texts.set(key, (this.#texts.get(key) ?? '') + text);
    }
    const ends = wholes.length === 0 ? view.ends : (key: string) => key.startsWith(WHOLE) || view.ends(key);
    this.#queue.push(event, json, wholes.length === 0 ? view.deltas : [...view.deltas, ...wholes], ends, changed, view.isKnown);
  }

  /**
   * Texts of an event that came as a whole. Most repeat what was streamed: judges see them once, and what they replaced there is replaced
   * here as well. Each is a text of its own that ends at once.
   */
  #wholesOf({ list }: Places, { redacted }: GuardDecision): Delta[] {
    return list.flatMap(({ segment, set }, index): Delta[] => {
      if (segment.text === '') return [];
      const known = this.#keyOf(segment.text);
      const key = `${WHOLE}${++this.#count}/${segment.channel}`;
      if (known === undefined) this.#wholes.set(segment.text, key);
      else this.#repeats.set(key, known);
      return [{ key, text: redacted?.[index] ?? segment.text, set }];
    });
  }

  /** The text that judges see and that says the same. */
  #keyOf(text: string): string | undefined {
    for (const [key, streamed] of this.#texts) if (streamed.length === text.length && streamed === text && this.#seen.has(key)) return key;
    return this.#wholes.get(text);
  }

  #open(key: string): StreamText {
    const judging = this.#judging;
    if (judging === undefined) return this.#unjudged(key);
    const repeated = this.#repeats.get(key);
    if (repeated !== undefined) {
      this.#repeats.delete(key);
      return new RepeatedText(this.#seen.get(repeated)!);
    }
    const text = this.#judged(key, judging);
    this.#seen.set(key, text);
    return text;
  }

  #unjudged(key: string): StreamText {
    const { guard, restored, keep } = this.#guarding;
    const { channel, whole } = this.#reading.textOf(key);
    return whole ? new WholeText((text) => this.#callDecided(key, text)) : new FlowingText(guard, channel, this.#call, restored, keep);
  }

  #judged(key: string, judging: Judging): SeenText {
    if (key.startsWith(WHOLE)) return new JudgedWhole(key.slice(key.lastIndexOf('/') + 1) as Channel, judging, (text) => text);
    const { guard, restored, keep } = this.#guarding;
    const { channel, whole } = this.#reading.textOf(key);
    if (whole) return new JudgedWhole(channel, judging, (text) => this.#callDecided(key, text));
    return new JudgedText(guard, channel, this.#call, judging, restored, keep);
  }

  #callDecided(key: string, text: string): string | GuardDecision {
    const { restored, toolCalls, keep } = this.#guarding;
    return toolCalls.judge(this.#reading.callOf(key, text), text, this.#call, restored, keep);
  }
}

/** Why: what waits for slow judges is held in memory, and the provider can wait as well. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** Keys of texts that come as a whole, and of no other. */
const WHOLE = '\0whole/';

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
