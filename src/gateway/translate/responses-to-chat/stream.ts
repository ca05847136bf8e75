import { CordonError } from '../../../core/errors.ts';
import { integer, objectsOf, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { sseBytes, type SseEvent, SseReader } from '../../sse/sse-reader.ts';
import { CollectedCalls } from '../collected-calls.ts';
import { errorMessage } from '../error-message.ts';
import { eventOf } from '../event.ts';
import type { StreamTranslation } from '../translation.ts';
import { callItem, messageItem, reasoningItem, reasoningOf, refusalPart, textPart } from './items.ts';
import { endingOf, headOf, type ResponseHead, responseOf } from './response.ts';

type Kind = 'reasoning_text' | 'output_text' | 'refusal';

/** A part of an item that is being sent. */
interface OpenPart {
  readonly kind: Kind;
  readonly index: number;
  text: string;
}

/**
 * The chunks of a chat completion as the events of a response. Tool calls are sent when they are complete, which costs no time: the guard
 * decides about them whole. Why: chunks may mix them.
 */
export class ChunksToResponseEvents implements StreamTranslation {
  readonly #request: JsonObject;
  readonly #reader = new SseReader();
  readonly #calls = new CollectedCalls();
  readonly #output: JsonObject[] = [];
  #head: ResponseHead | undefined;
  /** The item that is being sent; its parts so far. */
  #item: 'reasoning' | 'message' | undefined;
  #parts: JsonObject[] = [];
  #part: OpenPart | undefined;
  #hasMessage = false;
  #finish: unknown;
  #usage: unknown;
  #sequence = 0;
  #isOver = false;

  constructor(request: JsonObject) {
    this.#request = request;
  }

  push(chunk: Buffer): Buffer {
    return Buffer.concat(this.#reader.push(chunk).flatMap((event) => this.#read(event)));
  }

  end(): Buffer {
    const last = this.#reader.end();
    const out = last === undefined ? [] : this.#read(last);
    if (!this.#isOver && this.#finish === undefined)
      throw new CordonError('upstream.failed', 'the model provider ended in the middle of an answer');
    return Buffer.concat([...out, ...this.#stop()]);
  }

  #read(event: SseEvent): Buffer[] {
    if (this.#isOver) return [];
    if (event.data?.trim() === '[DONE]') return this.#finish === undefined ? this.#broken() : this.#stop();
    const json = eventOf(event);
    if (json === undefined) return [];
    if (!Array.isArray(json.choices) && (isObject(json.error) || typeof json.error === 'string')) {
      this.#isOver = true;
      return [this.#write({ type: 'error', code: 'upstream_failed', message: errorMessage(500, json), param: null })];
    }
    const out = this.#start(json);
    this.#usage = json.usage ?? this.#usage;
    for (const choice of objectsOf(json.choices)) {
      if ((integer(choice.index) ?? 0) !== 0) throw new CordonError('upstream.failed', 'the model provider sent more than one answer');
      if (isObject(choice.delta)) out.push(...this.#delta(choice.delta));
      if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') this.#finish = choice.finish_reason;
    }
    return out;
  }

  #start(chunk: JsonObject): Buffer[] {
    if (this.#head !== undefined) return [];
    this.#head = headOf(chunk);
    const response = responseOf(this.#request, this.#head, { status: 'in_progress' }, [], undefined);
    return [this.#write({ type: 'response.created', response }), this.#write({ type: 'response.in_progress', response })];
  }

  #delta(delta: JsonObject): Buffer[] {
    this.#calls.add(delta.tool_calls);
    return [
      ...this.#said('reasoning', 'reasoning_text', reasoningOf(delta)),
      ...this.#said('message', 'output_text', string(delta.content)),
      ...this.#said('message', 'refusal', string(delta.refusal)),
    ];
  }

  #said(item: 'reasoning' | 'message', kind: Kind, piece: string): Buffer[] {
    if (piece === '') return [];
    const out: Buffer[] = [];
    if (this.#item !== item) {
      // Why one of each: clients know them by their ids.
      if (item === 'reasoning' && this.#hasMessage) return [];
      out.push(...this.#closeItem(), ...this.#openItem(item));
    }
    if (this.#part?.kind !== kind) out.push(...this.#closePart(), ...this.#openPart(kind));
    const part = this.#part!;
    part.text += piece;
    const more = kind === 'output_text' ? { logprobs: [] } : {};
    return [...out, this.#write({ type: `response.${kind}.delta`, ...this.#at(part), delta: piece, ...more })];
  }

  #openItem(item: 'reasoning' | 'message'): Buffer[] {
    this.#item = item;
    this.#parts = [];
    this.#hasMessage ||= item === 'message';
    return [this.#write({ type: 'response.output_item.added', output_index: this.#output.length, item: this.#itemNow('in_progress') })];
  }

  #openPart(kind: Kind): Buffer[] {
    this.#part = { kind, index: this.#parts.length, text: '' };
    return [this.#write({ type: 'response.content_part.added', ...this.#at(this.#part), part: partOf(this.#part) })];
  }

  #closePart(): Buffer[] {
    const part = this.#part;
    if (part === undefined) return [];
    this.#part = undefined;
    const whole = partOf(part);
    this.#parts.push(whole);
    const said = part.kind === 'refusal' ? { refusal: part.text } : { text: part.text };
    const more = part.kind === 'output_text' ? { logprobs: [] } : {};
    return [
      this.#write({ type: `response.${part.kind}.done`, ...this.#at(part), ...said, ...more }),
      this.#write({ type: 'response.content_part.done', ...this.#at(part), part: whole }),
    ];
  }

  #closeItem(): Buffer[] {
    if (this.#item === undefined) return [];
    const out = this.#closePart();
    const item = this.#itemNow(endingOf(this.#finish).status === 'completed' ? 'completed' : 'incomplete');
    this.#item = undefined;
    return [...out, this.#done(item)];
  }

  #done(item: JsonObject): Buffer {
    const event = this.#write({ type: 'response.output_item.done', output_index: this.#output.length, item });
    this.#output.push(item);
    return event;
  }

  #stop(): Buffer[] {
    if (this.#isOver) return [];
    const head = this.#head!;
    const ending = endingOf(this.#finish);
    const status = ending.status === 'completed' ? 'completed' : 'incomplete';
    const out = this.#closeItem();
    // Why braces: clients parse what there is as JSON.
    const calls = this.#calls.list.map((call) => ({ ...call, arguments: call.arguments || '{}' }));
    if (this.#output.length === 0 && calls.length === 0) out.push(...this.#openItem('message'), ...this.#closeItem());
    for (const [at, call] of calls.entries()) {
      const where = { item_id: callItem(head, at, call, status).id, output_index: this.#output.length };
      const begun = callItem(head, at, { ...call, arguments: '' }, 'in_progress');
      out.push(
        this.#write({ type: 'response.output_item.added', output_index: this.#output.length, item: begun }),
        this.#write({ type: 'response.function_call_arguments.delta', ...where, delta: call.arguments }),
        this.#write({ type: 'response.function_call_arguments.done', ...where, name: call.name, arguments: call.arguments }),
        this.#done(callItem(head, at, call, status)),
      );
    }
    this.#isOver = true;
    const response = responseOf(this.#request, head, ending, this.#output, this.#usage);
    return [...out, this.#write({ type: `response.${ending.status}`, response })];
  }

  #broken(): never {
    throw new CordonError('upstream.failed', 'the model provider ended an answer without a reason');
  }

  #itemNow(status: 'in_progress' | 'completed' | 'incomplete'): JsonObject {
    const head = this.#head!;
    if (this.#item === 'message') return messageItem(head, [...this.#parts], status);
    return reasoningItem(head, this.#parts.map(({ text }) => string(text)).join(''), status);
  }

  #at({ index }: OpenPart): JsonObject {
    const { id } = this.#itemNow('in_progress');
    return { item_id: id, output_index: this.#output.length, content_index: index };
  }

  #write(event: JsonObject): Buffer {
    return sseBytes(JSON.stringify({ ...event, sequence_number: this.#sequence++ }), string(event.type));
  }
}

function partOf({ kind, text }: OpenPart): JsonObject {
  if (kind === 'refusal') return refusalPart(text);
  return kind === 'output_text' ? textPart(text) : { type: kind, text };
}
