import { CordonError } from '../../core/errors.ts';
import type { Usage } from '../../engine/gateway/call.ts';
import type { Channel } from '../../core/text.ts';
import type { ToolCall } from '../../policy/tools/tool-call.ts';
import type { Delta } from '../guarding/event-queue.ts';
import { anthropicErrorType } from '../http/error-reply.ts';
import { integer, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { EventView, StreamReading } from '../protocol.ts';
import { madeInMessage } from '../stored/note-made.ts';
import { type SseEvent, sseBytes } from '../sse/sse-reader.ts';
import { isSealed, readBlocks } from './messages-places.ts';
import { Places } from '../places/places.ts';
import { TextRuns } from '../places/text-runs.ts';
import { anthropicUsage } from './usage.ts';

const NEVER = (): boolean => false;
const ALL = (): boolean => true;
/** Sealed by the provider. */
const SEALED: ReadonlySet<string> = new Set(['signature', 'data']);
const TYPE = /^[a-z][a-z_]{0,60}$/;
/** Why: no answer has more blocks, and each is remembered. */
const MOST_BLOCKS = 4_096;

/** Reads the events of a message. Keys: `<block>/<field>`, `<block>/tool`; those of {@link TextRuns}. */
export class MessagesStream implements StreamReading {
  readonly #calls = new Map<number, { id: string; tool: string; given: JsonObject }>();
  readonly #begun = new Set<number>();
  /** Why: clients read blocks of text that follow each other as one text. */
  readonly #runs = new TextRuns();
  #started = false;
  #open: number | undefined;
  #usage: Usage | undefined;

  read(_event: SseEvent, json: JsonObject | undefined): EventView {
    if (json === undefined) return { deltas: [], ends: NEVER, last: false };
    const type = string(json.type);
    const index = indexOf(json.index);
    if (type === 'message_start') return this.#start(json);
    if (type === 'content_block_start') return this.#startBlock(json, index);
    if (type === 'content_block_delta')
      return { deltas: this.#deltas(json, index), places: beside(json, 'delta'), ends: NEVER, last: false };
    if (type === 'content_block_stop') {
      this.#open = undefined;
      // Why not its text: the next block may go on with it.
      return { deltas: [], places: everything(json), ends: (key) => key.startsWith(`${index}/`), last: false };
    }
    if (type === 'message_delta') return this.#delta(json);
    if (type === 'message_stop') return { deltas: [], places: everything(json), ends: ALL, last: true };
    return { deltas: [], places: everything(json), ends: NEVER, last: type === 'error' };
  }

  textOf(key: string): { channel: Channel; whole: boolean } {
    if (key.endsWith('/tool')) return { channel: 'tool-arguments', whole: true };
    return { channel: key.endsWith('/thinking') ? 'reasoning' : 'assistant', whole: false };
  }

  callOf(key: string, text: string): ToolCall | undefined {
    const call = this.#calls.get(Number(key.slice(0, key.indexOf('/'))));
    if (call === undefined) return undefined;
    const { given, ...made } = call;
    return { ...made, arguments: text === '' ? given : text };
  }

  blocked(): Buffer[] {
    const events: JsonObject[] = [];
    if (!this.#started) events.push({ type: 'message_start', message: emptyMessage() });
    if (this.#open !== undefined) events.push({ type: 'content_block_stop', index: this.#open });
    const output_tokens = this.#usage?.outputTokens ?? 0;
    events.push({ type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens } });
    return [...events, { type: 'message_stop' }].map((event) => sseBytes(JSON.stringify(event), event.type as string));
  }

  failed(error: CordonError): Buffer[] {
    return [sseBytes(JSON.stringify({ type: 'error', error: { type: anthropicErrorType(error), message: error.message } }), 'error')];
  }

  /** An event says so. */
  readonly isComplete = false;

  #start(json: JsonObject): EventView {
    this.#started = true;
    const places = beside(json, 'message');
    if (isObject(json.message)) {
      readBlocks(places, json.message, 'assistant', new Map());
      places.others(json.message, new Set(['content']), 'assistant');
      this.#count(json.message.usage);
    }
    const made = isObject(json.message) ? madeInMessage(json.message) : [];
    return { deltas: [], places, ends: NEVER, last: false, made, ...this.#counted() };
  }

  #startBlock(json: JsonObject, index: number): EventView {
    this.#open = index;
    if (this.#begun.has(index)) throw new CordonError('upstream.failed', 'the model provider sent two blocks in one place');
    this.#begun.add(index);
    const places = beside(json, 'content_block');
    const block = isObject(json.content_block) ? json.content_block : {};
    const deltas: Delta[] = [];
    const ends = this.#runs.begin(string(block.type), `${index}`);
    if (string(block.type).endsWith('tool_use')) {
      const given = isObject(block.input) ? block.input : {};
      this.#calls.set(index, { id: string(block.id), tool: string(block.name), given });
      // Why a piece without text: the call waits until it is decided.
      deltas.push({ key: `${index}/tool`, text: '', set: () => {} });
      readBlocks(places, { content: [block] }, 'assistant', new Map());
      return { deltas, places, ends, last: false };
    }
    for (const field of Object.keys(block)) {
      const value = block[field];
      if ((field === 'text' || field === 'thinking') && typeof value === 'string') this.#piece(block, field, index, deltas);
      else if (!SEALED.has(field) || !isSealed(value)) places.rest(block, field, 'assistant');
    }
    return { deltas, places, ends, last: false };
  }

  #deltas(json: JsonObject, index: number): Delta[] {
    const deltas: Delta[] = [];
    const delta = isObject(json.delta) ? json.delta : {};
    for (const field of Object.keys(delta)) {
      const value = delta[field];
      if (field === 'partial_json' && typeof value === 'string')
        deltas.push({ key: `${index}/tool`, text: value, set: (text) => (delta[field] = text) });
      else if (field === 'type' && typeof value === 'string' && TYPE.test(value)) continue;
      else if (!SEALED.has(field) || !isSealed(value)) this.#below(delta, field, this.#runs.keyOf(field, `${index}`), deltas);
    }
    return deltas;
  }

  #delta(json: JsonObject): EventView {
    this.#count(json.usage);
    // Why here too: a container may be made while the message is.
    const made = isObject(json.delta) ? madeInMessage({ container: json.delta.container }) : [];
    return { deltas: [], places: everything(json), ends: ALL, last: false, made, ...this.#counted() };
  }

  #piece(holder: JsonObject, field: string, index: number, deltas: Delta[]): void {
    const text = holder[field];
    if (typeof text === 'string' && text !== '')
      deltas.push({ key: this.#runs.keyOf(field, `${index}`), text, set: (other) => (holder[field] = other) });
  }

  #below(holder: JsonObject, field: string, key: string, deltas: Delta[]): void {
    const value = holder[field];
    if (typeof value === 'string') {
      if (value !== '') deltas.push({ key, text: value, set: (other) => (holder[field] = other) });
    } else if (typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) this.#below(value as JsonObject, name, `${key}/${name}`, deltas);
    }
  }

  /** The start counts the input, later events the output. */
  #count(value: unknown): void {
    const usage = anthropicUsage(value);
    const outputTokens = isObject(value) ? (integer(value.output_tokens) ?? 0) : 0;
    if (usage !== undefined && (this.#usage === undefined || usage.inputTokens > 0)) this.#usage = usage;
    else if (this.#usage !== undefined) this.#usage = { ...this.#usage, outputTokens };
  }

  #counted(): { usage?: Usage } {
    return this.#usage === undefined ? {} : { usage: this.#usage };
  }
}

/** Why nothing else: what is written to another place for every reader is not one text. */
function indexOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const index = integer(value);
  if (index === undefined || index >= MOST_BLOCKS)
    throw new CordonError('upstream.failed', 'the model provider sent a block in a place that is none');
  return index;
}

/** All texts of an event but those of one field, if that is the object that it should be. */
function beside(json: JsonObject, field: string): Places {
  const places = new Places();
  places.others(json, new Set(isObject(json[field]) ? [field] : []), 'assistant');
  return places;
}

function everything(json: JsonObject): Places {
  const places = new Places();
  places.others(json, new Set(), 'assistant');
  return places;
}

function emptyMessage(): JsonObject {
  const usage = { input_tokens: 0, output_tokens: 0 };
  return { id: 'msg_blocked', type: 'message', role: 'assistant', model: '', content: [], stop_reason: null, stop_sequence: null, usage };
}
