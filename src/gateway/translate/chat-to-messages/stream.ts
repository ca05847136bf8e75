import { writeJson } from '../../../formats/exact-json/write-json.ts';
import { CordonError } from '../../../core/errors.ts';
import { integer, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { sseBytes, SseReader } from '../../sse/sse-reader.ts';
import { eventOf } from '../event.ts';
import { callId } from '../ids.ts';
import type { StreamTranslation } from '../translation.ts';
import { messageError } from './error.ts';
import { envelope, finishReason, unknownBlock } from './reply.ts';
import { completionUsage } from './usage.ts';

const KEEP_ALIVE = Buffer.from(': ping\n\n');
const DONE = sseBytes('[DONE]');
const TEXT_BLOCKS: ReadonlySet<unknown> = new Set(['text', 'thinking', 'redacted_thinking']);

/** A tool call that is being sent. */
interface OpenCall {
  readonly index: number;
  readonly input: unknown;
  hasArguments: boolean;
}

/** The events of a message as chunks of a chat completion. */
export class MessageEventsToChunks implements StreamTranslation {
  readonly #reader = new SseReader();
  readonly #includeUsage: boolean;
  #envelope: JsonObject | undefined;
  #usage: JsonObject = {};
  #calls = 0;
  readonly #open = new Map<number, OpenCall>();
  #isFinished = false;
  #isOver = false;

  constructor(includeUsage: boolean) {
    this.#includeUsage = includeUsage;
  }

  push(chunk: Buffer): Buffer {
    return Buffer.concat(this.#reader.push(chunk).flatMap((event) => this.#read(eventOf(event))));
  }

  end(): Buffer {
    const last = this.#reader.end();
    const out = last === undefined ? [] : this.#read(eventOf(last));
    if (!this.#isFinished && !this.#isOver) throw new CordonError('upstream.failed', 'the model provider ended in the middle of an answer');
    return Buffer.concat([...out, ...this.#stop()]);
  }

  #read(json: JsonObject | undefined): Buffer[] {
    if (json === undefined || this.#isOver) return [];
    const index = integer(json.index) ?? 0;
    switch (json.type) {
      case 'message_start':
        return this.#start(isObject(json.message) ? json.message : {});
      case 'content_block_start':
        return this.#startBlock(index, isObject(json.content_block) ? json.content_block : {});
      case 'content_block_delta':
        return this.#delta(index, isObject(json.delta) ? json.delta : {});
      case 'content_block_stop':
        return this.#stopBlock(index);
      case 'message_delta':
        return this.#finish(json);
      case 'message_stop':
        return this.#stop();
      case 'error':
        this.#isOver = true;
        return [sseBytes(JSON.stringify(messageError(500, json)))];
      case 'ping':
        return [KEEP_ALIVE];
      default:
        // Why: events may be added, and nothing of them is passed on.
        return [];
    }
  }

  #start(message: JsonObject): Buffer[] {
    if (this.#envelope !== undefined) return [];
    this.#envelope = envelope(message, 'chat.completion.chunk');
    if (isObject(message.usage)) this.#usage = message.usage;
    return [this.#chunk({ role: 'assistant', content: '' })];
  }

  #startBlock(index: number, block: JsonObject): Buffer[] {
    if (TEXT_BLOCKS.has(block.type)) return this.#said(block);
    if (block.type !== 'tool_use') throw unknownBlock();
    const call: OpenCall = { index: this.#calls++, input: block.input, hasArguments: false };
    this.#open.set(index, call);
    const called = { name: string(block.name), arguments: '' };
    return [this.#chunk({ tool_calls: [{ index: call.index, id: callId(string(block.id)), type: 'function', function: called }] })];
  }

  #delta(index: number, delta: JsonObject): Buffer[] {
    if (delta.type !== 'input_json_delta') return this.#said(delta);
    const call = this.#open.get(index);
    const piece = string(delta.partial_json);
    if (call === undefined || piece === '') return [];
    call.hasArguments = true;
    return [this.#arguments(call, piece)];
  }

  #said({ text, thinking }: JsonObject): Buffer[] {
    const out: Buffer[] = [];
    if (string(thinking) !== '') out.push(this.#chunk({ reasoning_content: thinking }));
    if (string(text) !== '') out.push(this.#chunk({ content: text }));
    return out;
  }

  #stopBlock(index: number): Buffer[] {
    const call = this.#open.get(index);
    this.#open.delete(index);
    // Why: a call without arguments is sent without any, and clients of OpenAI parse what there is as JSON.
    return call === undefined || call.hasArguments ? [] : [this.#arguments(call, writeJson(isObject(call.input) ? call.input : {}))];
  }

  #finish({ delta, usage }: JsonObject): Buffer[] {
    if (isObject(usage))
      this.#usage = { ...this.#usage, ...Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null)) };
    const stop = isObject(delta) ? delta.stop_reason : undefined;
    if (this.#isFinished || typeof stop !== 'string') return [];
    this.#isFinished = true;
    return [this.#chunk({}, finishReason(stop))];
  }

  #stop(): Buffer[] {
    if (this.#isOver) return [];
    if (!this.#isFinished) throw new CordonError('upstream.failed', 'the model provider ended an answer without a reason');
    this.#isOver = true;
    if (!this.#includeUsage || integer(this.#usage.input_tokens) === undefined) return [DONE];
    return [sseBytes(JSON.stringify({ ...this.#envelope, choices: [], usage: completionUsage(this.#usage) })), DONE];
  }

  #arguments({ index }: OpenCall, piece: string): Buffer {
    return this.#chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
  }

  #chunk(delta: JsonObject, finish_reason: string | null = null): Buffer {
    if (this.#envelope === undefined) throw new CordonError('upstream.failed', 'the model provider began an answer in the middle');
    return sseBytes(JSON.stringify({ ...this.#envelope, choices: [{ index: 0, delta, logprobs: null, finish_reason }] }));
  }
}
