import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { SseReader } from '../sse/sse-reader.ts';
import { messageToCompletion } from './chat-to-messages/reply.ts';
import { MessageEventsToChunks } from './chat-to-messages/stream.ts';
import { eventOf } from './event.ts';
import { completionToMessage } from './messages-to-chat/reply.ts';
import { ChunksToMessageEvents } from './messages-to-chat/stream.ts';
import { completionToResponse } from './responses-to-chat/reply.ts';
import { ChunksToResponseEvents } from './responses-to-chat/stream.ts';
import type { StreamTranslation } from './translation.ts';

const said = fc.string({ minLength: 1, maxLength: 30, unit: 'binary' });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const calls = fc.array(fc.record({ name, input: fc.dictionary(name, fc.jsonValue({ maxDepth: 2 })) }), { maxLength: 3 });
const size = fc.integer({ min: 1, max: 40 });
const counts = { input_tokens: 7, cache_creation_input_tokens: 0, cache_read_input_tokens: 2, output_tokens: 5 };

function pieces(text: string, length: number): string[] {
  const letters = [...text];
  return Array.from({ length: Math.ceil(letters.length / length) }, (_, at) => letters.slice(at * length, (at + 1) * length).join(''));
}

/** The events that come out when a stream arrives in pieces of so many bytes. */
function through(translation: StreamTranslation, events: readonly (object | string)[], bytes: number): JsonObject[] {
  const text = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  const all = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < all.length; at += bytes) out.push(translation.push(all.subarray(at, at + bytes)));
  out.push(translation.end());
  return new SseReader().push(Buffer.concat(out)).flatMap((event): JsonObject[] => {
    const json = eventOf(event);
    return json === undefined ? [] : [json];
  });
}

function messageOf(thought: string | undefined, text: string | undefined, called: readonly { name: string; input: object }[]): JsonObject {
  const content = [
    ...(thought === undefined ? [] : [{ type: 'thinking', thinking: thought, signature: '' }]),
    ...(text === undefined ? [] : [{ type: 'text', text, citations: null }]),
    ...called.map((call, index) => ({ type: 'tool_use', id: `toolu_${index}`, ...(JSON.parse(JSON.stringify(call)) as object) })),
  ];
  const stop_reason = called.length > 0 ? 'tool_use' : 'end_turn';
  return { id: 'x', type: 'message', role: 'assistant', model: 'm', content, stop_reason, stop_sequence: null, usage: counts };
}

const maybeSaid = fc.option(said, { nil: undefined });

test('events of a message make the completion that the whole message makes, however they are cut', () => {
  fc.assert(
    fc.property(maybeSaid, maybeSaid, calls, size, size, (thought, text, called, letters, bytes) => {
      const whole = messageOf(thought, text, called);
      const events: object[] = [
        { type: 'message_start', message: { ...whole, content: [], stop_reason: null, usage: { ...counts, output_tokens: 1 } } },
        { type: 'ping' },
      ];
      for (const [index, block] of (whole.content as JsonObject[]).entries()) {
        const kind = block.type === 'tool_use' ? 'input' : (block.type as string);
        const empty = kind === 'input' ? {} : '';
        events.push({ type: 'content_block_start', index, content_block: { ...block, [kind]: empty } });
        const json = JSON.stringify(block.input);
        const list = kind !== 'input' ? pieces(block[kind] as string, letters) : json === '{}' ? [] : pieces(json, letters);
        const delta = (piece: string): object =>
          kind === 'input' ? { type: 'input_json_delta', partial_json: piece } : { type: `${kind}_delta`, [kind]: piece };
        events.push(...list.map((piece) => ({ type: 'content_block_delta', index, delta: delta(piece) })), {
          type: 'content_block_stop',
          index,
        });
      }
      events.push(
        { type: 'message_delta', delta: { stop_reason: whole.stop_reason }, usage: { output_tokens: 5 } },
        { type: 'message_stop' },
      );
      const chunks = through(new MessageEventsToChunks(true), events, bytes);
      expect(assembledCompletion(chunks)).toEqual(withoutTime(messageToCompletion(whole)));
    }),
    { numRuns: 300 },
  );
});

test('chunks of a completion make the message that the whole completion makes, however they are cut', () => {
  fc.assert(
    fc.property(maybeSaid, maybeSaid, calls, size, size, (thought, text, called, letters, bytes) => {
      const whole = messageToCompletion(messageOf(thought, text, called));
      const [choice] = whole.choices as [JsonObject & { message: JsonObject }];
      const { tool_calls = [] } = choice.message as { tool_calls?: { id: string; function: { name: string; arguments: string } }[] };
      const chunk = (delta: object, finish_reason: unknown = null): object => ({
        id: 'x',
        object: 'chat.completion.chunk',
        model: 'm',
        choices: [{ index: 0, delta, finish_reason }],
      });
      const chunks: (object | string)[] = [
        chunk({ role: 'assistant', content: '' }),
        ...pieces(thought ?? '', letters).map((piece) => chunk({ reasoning_content: piece })),
        ...pieces(text ?? '', letters).map((piece) => chunk({ content: piece })),
        ...tool_calls.map((call, index) => chunk({ tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] })),
        ...tool_calls.flatMap((call, index) =>
          pieces(call.function.arguments, letters).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
        ),
        chunk({}, choice.finish_reason),
        { id: 'x', model: 'm', choices: [], usage: whole.usage },
        '[DONE]',
      ];
      const events = through(new ChunksToMessageEvents(), chunks, bytes);
      expect(assembledMessage(events)).toEqual(completionToMessage(whole));
      const request = { instructions: 'Be brief.', temperature: 0.5 };
      const response = through(new ChunksToResponseEvents(request), chunks, bytes);
      const { created_at: _, ...expected } = completionToResponse(request, { ...whole, id: 'x', model: 'm' });
      expect(assembledResponse(response)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

/** What a client makes of the events of a response; the last one must say the same. */
function assembledResponse(events: readonly JsonObject[]): JsonObject {
  const output: (JsonObject & { content?: JsonObject[]; arguments?: string })[] = [];
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
  for (const event of events) {
    const { type, output_index: at, content_index: part } = event as { type: string; output_index: number; content_index: number };
    const item = output[at];
    if (type === 'response.output_item.added') {
      expect(at).toBe(output.length);
      output.push(structuredClone(event.item) as never);
    } else if (type === 'response.content_part.added') {
      expect(part).toBe(item!.content!.length);
      item!.content!.push(structuredClone(event.part) as JsonObject);
    } else if (type === 'response.function_call_arguments.delta') item!.arguments += event.delta as string;
    else if (type.endsWith('.delta')) {
      expect(event.item_id).toBe(item!.id);
      const field = type === 'response.refusal.delta' ? 'refusal' : 'text';
      (item!.content![part]![field] as string) += event.delta as string;
    } else if (type === 'response.content_part.done') expect(item!.content![part]).toEqual(event.part);
    else if (type === 'response.output_item.done') {
      expect({ ...item, status: 'x' }).toEqual({ ...(event.item as object), status: 'x' });
      output[at] = event.item as never;
    }
  }
  const { created_at: _, ...last } = events.at(-1)!.response as JsonObject;
  expect(last.output).toEqual(output);
  return last;
}

function withoutTime(completion: JsonObject): JsonObject {
  delete completion.created;
  return completion;
}

/** What a client makes of chunks. */
function assembledCompletion(chunks: readonly JsonObject[]): JsonObject {
  const first = chunks[0] as { choices: { delta: JsonObject }[] };
  expect(first.choices[0]!.delta).toMatchObject({ role: 'assistant' });
  let content: string | null = null;
  let reasoning = '';
  let usage: unknown;
  let finish_reason: unknown = null;
  const tools: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  for (const chunk of chunks) {
    expect(finish_reason === null || chunk.usage !== undefined).toBe(true);
    usage = chunk.usage ?? usage;
    for (const { delta, finish_reason: finish } of chunk.choices as { delta: JsonObject; finish_reason: unknown }[]) {
      finish_reason = finish ?? finish_reason;
      if (typeof delta.content === 'string' && delta.content !== '') content = (content ?? '') + delta.content;
      if (typeof delta.reasoning_content === 'string') reasoning += delta.reasoning_content;
      for (const { index, ...call } of (delta.tool_calls ?? []) as (JsonObject & { index: number; function: { arguments: string } })[]) {
        if (tools[index] === undefined) tools[index] = structuredClone(call) as never;
        else tools[index].function.arguments += call.function.arguments;
      }
    }
  }
  const message = {
    role: 'assistant',
    content,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(tools.length > 0 && { tool_calls: tools }),
  };
  const { id, model } = chunks[0]!;
  return { id, model, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason }], usage };
}

/** What a client makes of events. Blocks come one after the other. */
function assembledMessage(events: readonly JsonObject[]): JsonObject {
  const [start, ...rest] = events;
  const made = (start as { message: JsonObject & { content: JsonObject[] } }).message;
  let json = '';
  let open: number | undefined;
  for (const event of rest) {
    const { type, index } = event as { type: string; index: number };
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, made.content.length]);
      open = index;
      json = '';
      made.content.push(event.content_block as JsonObject);
    } else if (type === 'content_block_delta') {
      expect(index).toBe(open);
      const { type: kind, partial_json, ...delta } = event.delta as JsonObject;
      if (kind === 'input_json_delta') json += partial_json as string;
      for (const [key, piece] of Object.entries(delta)) (made.content[index]![key] as string) += piece as string;
    } else if (type === 'content_block_stop') {
      expect(index).toBe(open);
      open = undefined;
      if (made.content[index]!.type === 'tool_use') made.content[index]!.input = JSON.parse(json);
    } else if (type === 'message_delta') {
      Object.assign(made, event.delta);
      if (isObject(event.usage)) made.usage = event.usage;
    }
  }
  expect(rest.at(-1)).toEqual({ type: 'message_stop' });
  return made;
}
