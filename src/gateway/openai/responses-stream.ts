import { CordonError } from '../../core/errors.ts';
import type { Channel } from '../../core/text.ts';
import type { ToolCall } from '../../policy/tools/tool-call.ts';
import type { Delta } from '../guarding/event-queue.ts';
import { openAiError } from '../http/error-reply.ts';
import { integer, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { EventView, StreamReading } from '../protocol.ts';
import { type SseEvent, sseBytes } from '../sse/sse-reader.ts';
import { madeInResponse } from '../stored/note-made.ts';
import { tokensOf } from './logprobs.ts';
import { PartRuns } from './part-runs.ts';
import { beginningTexts, StreamItems } from './stream-items.ts';
import { callsOf, readItems, responsePlaces } from './responses-places.ts';
import { openAiUsage } from './usage.ts';

const NEVER = (): boolean => false;
const ALL = (): boolean => true;
const LAST: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error']);
/** Texts that are carried out and not read. */
const WHOLE = /arguments|custom_tool_call_input|_code$/;
const READ: ReadonlySet<string> = new Set(['delta', 'logprobs']);
/** Letters that say nothing: parts of pictures, and what makes all events as long. */
const LETTERS: Readonly<Record<string, RegExp>> = { partial_image_b64: /^[A-Za-z0-9+/]*={0,2}$/, obfuscation: /^[A-Za-z0-9]{0,64}$/ };

/** Reads the events of a response. Keys: `<output>/<part>/<kind of text>`; those of {@link PartRuns}. */
export class ResponsesStream implements StreamReading {
  readonly #calls = new Map<string, { id?: string; tool: string }>();
  readonly #items = new StreamItems();
  readonly #runs = new PartRuns();
  #response: JsonObject = {};
  #sequence = 0;

  read({ name }: SseEvent, json: JsonObject | undefined): EventView {
    if (json === undefined) return { deltas: [], ends: NEVER, last: false };
    const type = string(json.type) || name;
    // Why: some clients go by the one, some by the other.
    if (name !== '' && name !== type) throw new CordonError('upstream.failed', 'the model provider sent an event under two names');
    this.#sequence = integer(json.sequence_number) ?? this.#sequence + 1;
    const places = new Places();
    places.others(json, readOf(json), 'assistant');
    const calls: ToolCall[] = [];
    const deltas: Delta[] = [];
    const at = isObject(json.item) ? this.#item(json.item, json, type, places, calls, deltas) : undefined;
    if (isObject(json.response)) this.#whole(json.response, places, calls);
    const kind = kindOf(type);
    const isPiece = at === undefined && 'delta' in json;
    const isPart = at === undefined && type.endsWith('part.added') && isObject(json.part);
    const named = isPiece || isPart ? this.#items.ofPiece(json, kind) : { item: at ?? this.#items.about(json), changed: false };
    const { item, changed } = named;
    const part = isPiece || isPart ? this.#items.partOf(json, `${item}/${kind}`) : this.#items.aboutPart(json);
    const key = `${item}/${part}/${kind}`;
    if (isPart) this.#begin(json.part as JsonObject, item, part, deltas);
    for (const [path, text] of tokensOf(json.logprobs))
      deltas.push({ key: `${key}/logprobs${path}`, text, set: () => (json.logprobs = []) });
    if (typeof json.delta === 'string' && json.delta !== '')
      deltas.push({ ...this.#runs.place(item, part, kind), text: json.delta, set: (text) => (json.delta = text) });
    else if (json.delta !== undefined) places.rest(json, 'delta', 'assistant');
    if (type.endsWith('.done') && at === undefined) this.#runs.end(item, part, kind);
    const usage = isObject(json.response) ? openAiUsage(json.response.usage, json.response.service_tier) : undefined;
    const isLast = LAST.has(type);
    // Why at the beginning too: a client may ask for the rest of a stream that broke off.
    const made = isObject(json.response) && (isLast || type === 'response.created') ? madeInResponse(json.response) : undefined;
    // Why its own text only: other texts of the response may go on.
    const ends = isLast
      ? ALL
      : type.endsWith('.done')
        ? (other: string) => other === key || other.startsWith(`${key}/`) || other.startsWith(`${item}/`)
        : isObject(json.item) && type.endsWith('.added')
          ? this.#runs.otherThan(string(json.item.type))
          : NEVER;
    return {
      deltas,
      places,
      calls,
      changed,
      ends,
      last: isLast,
      ...(usage === undefined ? {} : { usage }),
      ...(made === undefined ? {} : { made }),
    };
  }

  textOf(key: string): { channel: Channel; whole: boolean } {
    if (WHOLE.test(key)) return { channel: 'tool-arguments', whole: true };
    return { channel: key.includes('reasoning') ? 'reasoning' : 'assistant', whole: false };
  }

  callOf(key: string, text: string): ToolCall | undefined {
    const call = this.#calls.get(key.slice(0, key.indexOf('/')));
    if (call === undefined) return undefined;
    return { ...call, arguments: key.includes('arguments') ? text || '{}' : { input: text } };
  }

  blocked(): Buffer[] {
    const response = { ...this.#response, status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] };
    return [this.#event({ type: 'response.incomplete', response })];
  }

  failed(error: CordonError): Buffer[] {
    const { code, message, param } = openAiError(error);
    return [this.#event({ type: 'error', code, message, param })];
  }

  /** An event says so. */
  readonly isComplete = false;

  #event(event: JsonObject): Buffer {
    return sseBytes(JSON.stringify({ ...event, sequence_number: this.#sequence + 1 }), event.type as string);
  }

  /** Reads a whole item, or one that begins; returns its place. */
  #item(item: JsonObject, json: JsonObject, eventType: string, places: Places, calls: ToolCall[], deltas: Delta[]): number {
    const at = this.#items.ofItem(json, item);
    readItems(places, [item], 'assistant');
    const type = string(item.type);
    if (type.endsWith('_call')) {
      const id = string(item.call_id) || string(item.id);
      const tool = string(item.name) || type;
      const known = this.#calls.get(String(at));
      if (known !== undefined && known.tool !== tool)
        throw new CordonError('upstream.failed', 'the model provider sent a tool call with two names');
      this.#calls.set(String(at), { ...(id === '' ? {} : { id }), tool });
    }
    // Why not before: a call that begins has no arguments yet.
    if (eventType.endsWith('.done')) calls.push(...callsOf([item]));
    else if (eventType.endsWith('.added')) this.#begin(item, at, undefined, deltas);
    return at;
  }

  /** Takes the texts with which an item, or a part of one, begins: clients append what comes to them. */
  #begin(begun: JsonObject, item: number, part: number | undefined, deltas: Delta[]): void {
    const texts = beginningTexts(begun, part);
    this.#items.begins(part ?? item, texts.length > 0, part === undefined ? undefined : item);
    for (const { holder, field, part: of, kind } of texts) {
      deltas.push({ ...this.#runs.place(item, of, kind), text: string(holder[field]), set: (text) => (holder[field] = text) });
    }
  }

  #whole(response: JsonObject, places: Places, calls: ToolCall[]): void {
    const { output } = response;
    // Why only these: the event is perhaps what the answer is stopped for.
    this.#response = Object.fromEntries(ENVELOPE.filter((key) => isName(response[key])).map((key) => [key, response[key]]));
    responsePlaces(places, response);
    calls.push(...callsOf(output));
  }
}

const ENVELOPE = ['id', 'object', 'created_at', 'model', 'service_tier'] as const;

function isName(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w.:/+-]{1,100}$/.test(value));
}

/** What of an event is read elsewhere, or need not be read. */
function readOf(json: JsonObject): ReadonlySet<string> {
  const read = new Set(READ);
  for (const key of ['item', 'response']) if (isObject(json[key])) read.add(key);
  for (const [key, letters] of Object.entries(LETTERS)) if (typeof json[key] === 'string' && letters.test(json[key])) read.add(key);
  return read;
}

/** `response.output_text.delta` and `response.output_text.done` are about one text. */
function kindOf(type: string): string {
  return type.replace(/^response\./, '').replace(/\.(?:delta|done)$/, '');
}
