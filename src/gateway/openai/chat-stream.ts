import { randomUUID } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { Usage } from '../../engine/gateway/call.ts';
import type { Channel } from '../../core/text.ts';
import type { ToolCall } from '../../policy/tools/tool-call.ts';
import type { Delta } from '../guarding/event-queue.ts';
import { openAiError } from '../http/error-reply.ts';
import { integer, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { EventView, Made, StreamReading } from '../protocol.ts';
import { type SseEvent, sseBytes } from '../sse/sse-reader.ts';
import { audioOf } from './chat-reply.ts';
import { tokensOf } from './logprobs.ts';
import { openAiUsage } from './usage.ts';

/** Names of things in events, and how they look. Whatever looks otherwise is read as text. */
const NAMES: ReadonlySet<string> = new Set(['id', 'object', 'model', 'service_tier', 'system_fingerprint']);
const NAME = /^(?!(?:\D*\d){11}\d*$)(?!AKIA|ASIA|sk-|gh[a-z]_|xox)[\w.:/+-]{0,80}$/;
const READ_OF_EVENT: ReadonlySet<string> = new Set(['created', 'choices']);
const READ_OF_CHOICE: ReadonlySet<string> = new Set(['index', 'delta', 'text']);
const REASON = /^[a-z_]{1,40}$/;
const READ_OF_CALL: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function', 'custom']);
const CALL_ID = /^(?!AKIA|ASIA|sk-|gh[a-z]_|xox)[\w.:|/+=-]{0,128}$/;
/** Why: no answer has more choices or calls, and each is remembered. */
const MOST = 1_024;
/** Why: numbers of cards have twelve digits and more. */
const LEAST_NUMBER = 1e11;
const DONE = '[DONE]';
const NEVER = (): boolean => false;
const ALL = (): boolean => true;

/** Reads the events of a chat completion, or of a completion. Keys: `<choice>/<field>`, `<choice>/tool/<index>`. */
export class ChatStream implements StreamReading {
  readonly #calls = new Map<string, { id?: string; tool: string }>();
  #template: JsonObject = {};
  /** Names that were looked at. Why: they are the same in all events. */
  readonly #names: Record<string, string> = {};
  /** Recordings that the provider keeps under an id. */
  readonly #recordings: Made[] = [];
  /** Answers that began and have not ended. */
  readonly #open = new Set<number>();
  #hasBegun = false;
  /** The model provider told of an error. */
  #hasFailed = false;

  read({ data }: SseEvent, json: JsonObject | undefined): EventView {
    if (json === undefined && data?.trim() === DONE) return { deltas: [], ends: ALL, last: true };
    if (json === undefined) return { deltas: [], ends: NEVER, last: false };
    this.#template = json;
    this.#hasFailed ||= isObject(json.error);
    const deltas: Delta[] = [];
    const ended = new Set<string>();
    if (Array.isArray(json.choices)) {
      for (const choice of json.choices as unknown[]) {
        if (!isObject(choice)) throw malformed('a choice that is no object');
        this.#readChoice(choice, deltas, ended);
      }
    } else if (json.choices !== undefined && json.choices !== null) throw malformed('choices that are no list');
    for (const key of Object.keys(json)) {
      if (READ_OF_EVENT.has(key) && key !== 'created') continue;
      const value = json[key];
      if (NAMES.has(key) && typeof value === 'string' && (value === this.#names[key] || NAME.test(value))) {
        this.#names[key] = value;
        continue;
      }
      if (key === 'created' && typeof value === 'number') continue;
      this.#unknown(json, key, `event/${key}`, deltas);
    }
    const usage: Usage | undefined = openAiUsage(json.usage, json.service_tier);
    const ends = ended.size === 0 ? NEVER : (key: string) => ended.has(key.slice(0, key.indexOf('/')));
    // Why once: every event repeats the id.
    const made: Made[] = this.#recordings.splice(0);
    if (ended.size > 0) made.push({ kind: 'completion', id: string(json.id) });
    return { deltas, ends, last: false, made, ...(usage === undefined ? {} : { usage }) };
  }

  textOf(key: string): { channel: Channel; whole: boolean } {
    if (key.includes('/tool/') && !key.endsWith('/text')) return { channel: 'tool-arguments', whole: true };
    return { channel: /\/reasoning/.test(key) ? 'reasoning' : 'assistant', whole: false };
  }

  callOf(key: string, text: string): ToolCall | undefined {
    const call = this.#calls.get(key);
    return call === undefined ? undefined : { ...call, arguments: text === '' ? '{}' : text };
  }

  blocked(): Buffer[] {
    const open = this.#open.size === 0 ? [0] : [...this.#open];
    const choices = open.map((index) => ({
      index,
      delta: { role: 'assistant' },
      ...this.#textField(),
      logprobs: null,
      finish_reason: 'content_filter',
    }));
    return [sseBytes(JSON.stringify({ ...this.#envelope(), choices })), sseBytes(DONE)];
  }

  failed(error: CordonError): Buffer[] {
    return [sseBytes(JSON.stringify({ error: openAiError(error) }))];
  }

  /** Why an end without [DONE] is one: some servers close the connection instead. */
  get isComplete(): boolean {
    return this.#hasFailed || (this.#hasBegun && this.#open.size === 0);
  }

  #envelope(): JsonObject {
    const { created } = this.#template;
    // Why these: other names of the event were perhaps what it was stopped for.
    const { id, object, model } = this.#names;
    return {
      id: string(id) || `chatcmpl-${randomUUID()}`,
      object: string(object) || 'chat.completion.chunk',
      created: integer(created) ?? Math.floor(Date.now() / 1_000),
      model: string(model),
    };
  }

  /** Completions have `text` where chat has `delta`. */
  #textField(): JsonObject {
    return string(this.#template.object) === 'text_completion' ? { text: '' } : {};
  }

  #readChoice(choice: JsonObject, deltas: Delta[], ended: Set<string>): void {
    const index = indexOf(choice.index);
    this.#open.add(index);
    this.#hasBegun = true;
    if (typeof choice.text === 'string') this.#piece(choice, 'text', `${index}/text`, deltas);
    else this.#unknown(choice, 'text', `${index}/text`, deltas);
    if (isObject(choice.delta)) this.#readDelta(choice.delta, index, deltas);
    else this.#unknown(choice, 'delta', `${index}/delta`, deltas);
    for (const key of Object.keys(choice)) {
      if (READ_OF_CHOICE.has(key)) continue;
      if (key === 'finish_reason' && typeof choice[key] === 'string' && REASON.test(choice[key])) continue;
      if (key === 'logprobs') this.#readLogprobs(choice, `${index}/logprobs`, deltas);
      else this.#unknown(choice, key, `${index}/choice/${key}`, deltas);
    }
    // Why not an empty one: servers send it with every piece, and a text that ended cannot go on.
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') {
      ended.add(String(index));
      this.#open.delete(index);
    }
  }

  /** Tokens in order are a text of their own; what else might have been said are others, one for each rank. */
  #readLogprobs(choice: JsonObject, key: string, deltas: Delta[]): void {
    for (const [name, text] of tokensOf(choice.logprobs)) deltas.push({ key: `${key}/${name}`, text, set: () => (choice.logprobs = null) });
  }

  #readDelta(delta: JsonObject, index: number, deltas: Delta[]): void {
    for (const key of Object.keys(delta)) {
      if (key === 'role' && /^[a-z]{1,20}$/.test(string(delta.role))) continue;
      if (key === 'tool_calls' && Array.isArray(delta.tool_calls)) {
        for (const [at, call] of (delta.tool_calls as unknown[]).entries()) {
          if (!isObject(call)) throw malformed('a tool call that is no object');
          this.#readCall(call, index, at, deltas);
        }
      } else if (key === 'audio') {
        this.#recordings.push(...audioOf([delta]));
        this.#unknown(delta, key, `${index}/${key}`, deltas);
      } else if (key === 'function_call' && isObject(delta.function_call))
        this.#readCalled(delta.function_call, `${index}/tool/function`, undefined, deltas);
      else this.#unknown(delta, key, `${index}/${key}`, deltas);
    }
  }

  #readCall(call: JsonObject, choice: number, at: number, deltas: Delta[]): void {
    const key = `${choice}/tool/${call.index === undefined ? at : indexOf(call.index)}`;
    const fields = ['function', 'custom'].filter((field) => call[field] !== undefined && call[field] !== null);
    // Why refused and not read: every client takes another of the two.
    if (fields.length > 1 || fields.some((field) => !isObject(call[field]))) throw malformed('a tool call with more than one function');
    for (const field of Object.keys(call)) if (!READ_OF_CALL.has(field)) this.#unknown(call, field, `${key}/${field}/text`, deltas);
    const { id, type } = call;
    if (typeof id === 'string' ? !CALL_ID.test(id) : id !== undefined && id !== null)
      throw malformed('a tool call with an id that is none');
    if (typeof type === 'string' ? !REASON.test(type) : type !== undefined && type !== null)
      throw malformed('a tool call of a type that is none');
    this.#readCalled((call[fields[0] ?? ''] ?? {}) as JsonObject, key, string(id) || undefined, deltas);
  }

  #readCalled(called: JsonObject, key: string, id: string | undefined, deltas: Delta[]): void {
    const known = this.#calls.get(key) ?? { tool: '' };
    const name = string(called.name);
    // Why: some clients take the last name or id, and some put names together.
    if (known.tool !== '' && name !== '' && name !== known.tool) throw malformed('a tool call with two names');
    if (known.id !== undefined && id !== undefined && id !== known.id) throw malformed('two tool calls in one place');
    this.#calls.set(key, { ...known, ...(id === undefined ? {} : { id }), tool: known.tool || name });
    if ('input' in called && 'arguments' in called) throw malformed('a tool call with arguments and input');
    const field = 'input' in called ? 'input' : 'arguments';
    for (const other of Object.keys(called))
      if (other !== 'name' && other !== field) this.#unknown(called, other, `${key}/${other}/text`, deltas);
    const value = called[field];
    if (value !== undefined && value !== null && typeof value !== 'string') throw malformed('arguments of a tool call that are no text');
    // Why also where there is no text: the call waits until it is decided.
    deltas.push({ key, text: string(value), set: (text) => (called[field] = text) });
  }

  #piece(holder: JsonObject, field: string, key: string, deltas: Delta[]): void {
    const text = holder[field];
    if (typeof text === 'string' && text !== '') deltas.push({ key, text, set: (other) => (holder[field] = other) });
  }

  /** Strings below a field, each a text of its own that goes on in the next event. */
  #unknown(holder: JsonObject, field: string, key: string, deltas: Delta[]): void {
    const value = holder[field];
    if (typeof value === 'string') this.#piece(holder, field, key, deltas);
    else if (typeof value === 'number') {
      if (Math.abs(value) >= LEAST_NUMBER) deltas.push({ key, text: String(value), set: (text) => (holder[field] = text) });
    } else if (Array.isArray(value))
      for (const [at] of value.entries()) this.#unknown(value as unknown as JsonObject, at as unknown as string, `${key}/${at}`, deltas);
    else if (isObject(value)) for (const name of Object.keys(value)) this.#unknown(value, name, `${key}/${name}`, deltas);
  }
}

/** The place of a choice or call. Why nothing else: what is written to another place for every reader is not one text. */
function indexOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const index = integer(value);
  if (index === undefined || index >= MOST) throw malformed('a choice or call in a place that is none');
  return index;
}

function malformed(what: string): CordonError {
  return new CordonError('upstream.failed', `the model provider sent ${what}`);
}
