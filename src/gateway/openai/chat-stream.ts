import { randomUUID } from 'node:crypto';
import type { Usage } from '../../engine/gateway/call.ts';
import type { Channel } from '../../core/text.ts';
import type { ToolCall } from '../../policy/tools/tool-call.ts';
import type { Delta } from '../guarding/event-queue.ts';
import { integer, objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { EventView, StreamReading } from '../protocol.ts';
import { type SseEvent, sseBytes } from '../sse/sse-reader.ts';
import { openAiUsage } from './usage.ts';

/** Fields of events that are names and numbers and never text of a model. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'service_tier',
  'system_fingerprint',
  'usage',
  'choices',
]);
const PLAIN_CHOICE: ReadonlySet<string> = new Set(['index', 'finish_reason', 'logprobs', 'delta', 'text']);
const DONE = '[DONE]';
const NEVER = (): boolean => false;
const ALL = (): boolean => true;

/** Reads the events of a chat completion, or of a completion. Keys: `<choice>/<field>`, `<choice>/tool/<index>`. */
export class ChatStream implements StreamReading {
  readonly #calls = new Map<string, { id?: string; tool: string }>();
  #template: JsonObject = {};
  /** Answers that began and have not ended. */
  readonly #open = new Set<number>();

  read({ data }: SseEvent, json: JsonObject | undefined): EventView {
    if (data?.trim() === DONE) return { deltas: [], ends: ALL, last: true };
    if (json === undefined) return { deltas: [], ends: NEVER, last: false };
    this.#template = json;
    const deltas: Delta[] = [];
    const ended = new Set<string>();
    for (const choice of objectsOf(json.choices)) this.#readChoice(choice, deltas, ended);
    for (const key of Object.keys(json)) if (!ENVELOPE.has(key)) this.#unknown(json, key, `event/${key}`, deltas);
    const usage: Usage | undefined = openAiUsage(json.usage);
    const ends = ended.size === 0 ? NEVER : (key: string) => ended.has(key.slice(0, key.indexOf('/')));
    // Why once: every event repeats the id.
    const made = ended.size === 0 ? [] : [{ kind: 'completion', id: string(json.id) } as const];
    return { deltas, ends, last: false, made, ...(usage === undefined ? {} : { usage }) };
  }

  textOf(key: string): { channel: Channel; whole: boolean } {
    if (key.includes('/tool/')) return { channel: 'tool-arguments', whole: true };
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

  failed(message: string): Buffer[] {
    return [sseBytes(JSON.stringify({ error: { message, type: 'server_error', param: null, code: 'upstream_failed' } }))];
  }

  #envelope(): JsonObject {
    const { id, object, created, model } = this.#template;
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
    const index = integer(choice.index) ?? 0;
    this.#open.add(index);
    this.#piece(choice, 'text', `${index}/text`, deltas);
    if (isObject(choice.delta)) this.#readDelta(choice.delta, index, deltas);
    else if (choice.delta !== undefined && choice.delta !== null) this.#unknown(choice, 'delta', `${index}/delta`, deltas);
    for (const key of Object.keys(choice)) if (!PLAIN_CHOICE.has(key)) this.#unknown(choice, key, `${index}/choice/${key}`, deltas);
    if (typeof choice.finish_reason === 'string') {
      ended.add(String(index));
      this.#open.delete(index);
    }
  }

  #readDelta(delta: JsonObject, index: number, deltas: Delta[]): void {
    for (const key of Object.keys(delta)) {
      if (key === 'role' && /^[a-z]{1,20}$/.test(string(delta.role))) continue;
      if (key === 'tool_calls') for (const call of objectsOf(delta.tool_calls)) this.#readCall(call, index, deltas);
      else if (key === 'function_call' && isObject(delta.function_call))
        this.#readCalled(delta.function_call, `${index}/tool/function`, undefined, deltas);
      else this.#unknown(delta, key, `${index}/${key}`, deltas);
    }
  }

  #readCall(call: JsonObject, choice: number, deltas: Delta[]): void {
    const key = `${choice}/tool/${integer(call.index) ?? 0}`;
    const called = isObject(call.function) ? call.function : isObject(call.custom) ? call.custom : {};
    this.#readCalled(called, key, typeof call.id === 'string' ? call.id : undefined, deltas);
  }

  #readCalled(called: JsonObject, key: string, id: string | undefined, deltas: Delta[]): void {
    const known = this.#calls.get(key) ?? { tool: '' };
    this.#calls.set(key, { ...known, ...(id === undefined ? {} : { id }), tool: known.tool + string(called.name) });
    // Why also where there is no text: the call waits until it is decided.
    const field = 'input' in called ? 'input' : 'arguments';
    deltas.push({ key, text: string(called[field]), set: (text) => (called[field] = text) });
  }

  #piece(holder: JsonObject, field: string, key: string, deltas: Delta[]): void {
    const text = holder[field];
    if (typeof text === 'string' && text !== '') deltas.push({ key, text, set: (other) => (holder[field] = other) });
  }

  /** Strings below a field, each a text of its own that goes on in the next event. */
  #unknown(holder: JsonObject, field: string, key: string, deltas: Delta[]): void {
    const value = holder[field];
    if (typeof value === 'string') this.#piece(holder, field, key, deltas);
    else if (Array.isArray(value))
      for (const [at] of value.entries()) this.#unknown(value as unknown as JsonObject, at as unknown as string, `${key}/${at}`, deltas);
    else if (isObject(value)) for (const name of Object.keys(value)) this.#unknown(value, name, `${key}/${name}`, deltas);
  }
}
