import { writeJson } from '../../../formats/exact-json/write-json.ts';
import { CordonError } from '../../../core/errors.ts';
import { integer, objectsOf, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { sseBytes, type SseEvent, SseReader } from '../../sse/sse-reader.ts';
import { CollectedCalls } from '../collected-calls.ts';
import { eventOf } from '../event.ts';
import type { StreamTranslation } from '../translation.ts';
import { completionError } from './error.ts';
import { type Called, messageHead, reasoningOf, stopOf, toolBlocks } from './reply.ts';
import { messageUsage, NO_USAGE } from './usage.ts';

type Kind = 'text' | 'thinking';

/**
 * The chunks of a chat completion as the events of a message. Tool calls are sent when they are complete, which costs no time: the guard
 * decides about them whole. Why: chunks may mix them, and blocks may not.
 */
export class ChunksToMessageEvents implements StreamTranslation {
  readonly #reader = new SseReader();
  readonly #calls = new CollectedCalls();
  #hasStarted = false;
  #open: Kind | undefined;
  #blocks = 0;
  #isRefused = false;
  #last: JsonObject | undefined;
  #usage: JsonObject | undefined;
  #isOver = false;

  push(chunk: Buffer): Buffer {
    return Buffer.concat(this.#reader.push(chunk).flatMap((event) => this.#read(event)));
  }

  end(): Buffer {
    const last = this.#reader.end();
    const out = last === undefined ? [] : this.#read(last);
    if (!this.#isOver && this.#last === undefined)
      throw new CordonError('upstream.failed', 'the model provider ended in the middle of an answer');
    return Buffer.concat([...out, ...this.#stop()]);
  }

  #read(event: SseEvent): Buffer[] {
    if (this.#isOver) return [];
    if (event.data?.trim() === '[DONE]') {
      if (this.#last === undefined) throw new CordonError('upstream.failed', 'the model provider ended an answer without a reason');
      return this.#stop();
    }
    const json = eventOf(event);
    if (json === undefined) return [];
    if (!Array.isArray(json.choices) && (isObject(json.error) || typeof json.error === 'string')) {
      this.#isOver = true;
      return [write(completionError(500, json))];
    }
    const out = this.#start(json);
    this.#usage = messageUsage(json.usage) ?? this.#usage;
    for (const choice of objectsOf(json.choices)) {
      if ((integer(choice.index) ?? 0) !== 0) throw new CordonError('upstream.failed', 'the model provider sent more than one answer');
      if (isObject(choice.delta)) out.push(...this.#delta(choice.delta));
      if (typeof choice.finish_reason === 'string') this.#last = choice;
    }
    return out;
  }

  #start(chunk: JsonObject): Buffer[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    const message = { ...messageHead(chunk), content: [], stop_reason: null, stop_sequence: null, usage: NO_USAGE };
    return [write({ type: 'message_start', message })];
  }

  #delta(delta: JsonObject): Buffer[] {
    this.#calls.add(delta.tool_calls);
    const refusal = string(delta.refusal);
    if (refusal !== '') this.#isRefused = true;
    return [...this.#said('thinking', reasoningOf(delta)), ...this.#said('text', string(delta.content)), ...this.#said('text', refusal)];
  }

  #said(kind: Kind, piece: string): Buffer[] {
    if (piece === '') return [];
    const out: Buffer[] = [];
    if (this.#open !== kind) {
      out.push(...this.#close());
      this.#open = kind;
      const content_block = kind === 'text' ? { type: kind, text: '', citations: null } : { type: kind, thinking: '', signature: '' };
      out.push(write({ type: 'content_block_start', index: this.#blocks, content_block }));
    }
    const delta = { type: `${kind}_delta`, [kind]: piece };
    return [...out, write({ type: 'content_block_delta', index: this.#blocks, delta })];
  }

  #close(): Buffer[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [write({ type: 'content_block_stop', index: this.#blocks++ })];
  }

  #stop(): Buffer[] {
    if (this.#isOver) return [];
    const choice = this.#last ?? {};
    const calls = toolBlocks(this.#calls.list satisfies readonly Called[], choice.finish_reason);
    const out = [...this.#start({}), ...this.#close(), ...calls.flatMap((call) => this.#call(call))];
    const delta = stopOf(choice, { hasCalls: calls.length > 0, isRefused: this.#isRefused });
    this.#isOver = true;
    return [...out, write({ type: 'message_delta', delta, usage: this.#usage ?? NO_USAGE }), write({ type: 'message_stop' })];
  }

  #call({ input, ...head }: JsonObject): Buffer[] {
    const index = this.#blocks++;
    return [
      write({ type: 'content_block_start', index, content_block: { ...head, input: {} } }),
      write({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: writeJson(input) } }),
      write({ type: 'content_block_stop', index }),
    ];
  }
}

function write(event: JsonObject): Buffer {
  return sseBytes(writeJson(event), string(event.type));
}
