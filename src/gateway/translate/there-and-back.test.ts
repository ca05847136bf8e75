import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { messageToCompletion } from './chat-to-messages/reply.ts';
import { chatToMessages } from './chat-to-messages/request.ts';
import { completionToMessage } from './messages-to-chat/reply.ts';
import { messagesToChat } from './messages-to-chat/request.ts';

const said = fc.string({ minLength: 1, maxLength: 20, unit: 'binary' });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const data = fc.base64String({ maxLength: 16 });
const schema = fc.record({ type: fc.constant('object'), properties: fc.dictionary(name, fc.record({ type: fc.constant('string') })) });
const input = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }));
const textPart = fc.record({ type: fc.constant('text'), text: said });
const part = fc.oneof(
  textPart,
  data.map((bytes) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${bytes}` } })),
  fc.webUrl({ validSchemes: ['https'] }).map((url) => ({ type: 'image_url', image_url: { url } })),
  fc
    .record({ bytes: data, filename: said })
    .map(({ bytes, filename }) => ({ type: 'file', file: { filename, file_data: `data:application/pdf;base64,${bytes}` } })),
);
const userContent = fc
  .oneof(said, fc.array(part, { minLength: 1, maxLength: 4 }))
  .map((content) => (Array.isArray(content) && content.length === 1 && 'text' in content[0]! ? content[0].text : content));
const user = userContent.map((content) => ({ role: 'user', content }));

/** What the user says, what the model answers, and what its tools do. */
const turn = fc
  .record({ asked: user, answer: maybe(said), calls: fc.array(fc.record({ name, input, result: said }), { maxLength: 3 }) })
  .map(({ asked, answer, calls }) => {
    if (answer === undefined && calls.length === 0) return [asked];
    const tool_calls = calls.map((call, index) => ({
      id: `call_${index}`,
      type: 'function',
      function: { name: call.name, arguments: JSON.stringify(JSON.parse(JSON.stringify(call.input))) },
    }));
    return [
      asked,
      { role: 'assistant', content: answer ?? null, ...(calls.length > 0 && { tool_calls }) },
      ...calls.map(({ result }, index) => ({ role: 'tool', tool_call_id: `call_${index}`, content: result })),
    ];
  });

/** A request in the form in which it comes back. */
const chat = fc
  .record({
    model: name,
    system: maybe(said),
    turns: fc.array(turn, { maxLength: 4 }),
    last: user,
    max_completion_tokens: fc.integer({ min: 1, max: 100_000 }),
    temperature: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    stop: maybe(fc.array(said, { minLength: 1, maxLength: 4 })),
    tools: maybe(
      fc.array(
        fc
          .record({ name, description: maybe(said), parameters: schema, strict: maybe(fc.constant(true)) })
          .map((declared) => ({ type: 'function', function: defined(declared) })),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    choice: maybe(
      fc.oneof(
        fc.constantFrom('auto', 'required'),
        name.map((one) => ({ type: 'function', function: { name: one } })),
      ),
    ),
    single: fc.boolean(),
    reasoning_effort: maybe(fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max')),
    format: maybe(schema),
    service_tier: maybe(fc.constant('default')),
    user: maybe(fc.string({ minLength: 1, maxLength: 64 })),
    stream: fc.boolean(),
  })
  .map(({ system, turns, last, tools, choice, single, format, stream, ...rest }) =>
    defined({
      ...rest,
      messages: [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...turns.flat(), last],
      tools,
      ...(tools !== undefined && { tool_choice: choice ?? 'auto', parallel_tool_calls: single ? false : undefined }),
      response_format: format && { type: 'json_schema', json_schema: { name: 'answer', schema: format, strict: true } },
      ...(stream && { stream: true, stream_options: { include_usage: true } }),
    }),
  );

function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

test('a request for a chat comes back as it was', () => {
  fc.assert(
    fc.property(chat, (body) => {
      const there = chatToMessages(structuredClone(body), 1);
      expect(messagesToChat(structuredClone(there))).toEqual(body);
      expect(chatToMessages(messagesToChat(structuredClone(there)), 1)).toEqual(there);
    }),
    { numRuns: 300 },
  );
});

test('an answer comes back as it was', () => {
  const calls = fc.array(fc.record({ name, input }), { maxLength: 3 });
  const usage = fc.record({ input_tokens: fc.nat(1_000), cache_read_input_tokens: fc.nat(1_000), output_tokens: fc.nat(1_000) });
  fc.assert(
    fc.property(
      maybe(said),
      maybe(said),
      calls,
      usage,
      fc.constantFrom('end_turn', 'max_tokens', 'refusal'),
      (thought, text, called, counts, stop) => {
        const content = [
          ...(thought === undefined ? [] : [{ type: 'thinking', thinking: thought, signature: '' }]),
          ...(text === undefined ? [] : [{ type: 'text', text, citations: null }]),
          ...called.map((call, index) => ({ type: 'tool_use', id: `toolu_${index}`, ...(JSON.parse(JSON.stringify(call)) as object) })),
        ];
        const message = {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content,
          stop_reason: called.length > 0 && stop === 'end_turn' ? 'tool_use' : stop,
          stop_sequence: null,
          usage: { ...counts, cache_creation_input_tokens: 0 },
        };
        expect(completionToMessage(messageToCompletion(structuredClone(message)))).toEqual(message);
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever is asked or answered is translated, or refused as what it is', () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('user', 'assistant', 'tool', 'text', 'tool_use', 'tool_result', 'function'),
  );
  const fields =
    'role content type text tool_calls function id name arguments input tool_call_id tool_use_id source image_url url file data media_type ' +
    'system tools tool_choice thinking stop choices message usage finish_reason error output_config response_format metadata max_tokens';
  const field = fc.constantFrom(...fields.split(' '));
  const inner = fc.dictionary(field, odd, { maxKeys: 5 });
  const deeper = fc.dictionary(field, fc.oneof(odd, inner, fc.array(inner, { maxLength: 3 })), { maxKeys: 5 });
  const body = fc.record({ messages: fc.oneof(odd, fc.array(deeper, { maxLength: 4 })), rest: deeper });
  const codeOf = (act: () => unknown): string => {
    try {
      act();
      return 'done';
    } catch (error) {
      return error instanceof CordonError ? error.code : String(error);
    }
  };
  fc.assert(
    fc.property(body, ({ messages, rest }) => {
      for (const translate of [chatToMessages, messagesToChat]) {
        const code = codeOf(() => JSON.stringify(translate({ max_tokens: 1, ...rest, messages }, 1)));
        expect(['done', 'request.invalid']).toContain(code);
      }
      for (const translate of [messageToCompletion, completionToMessage]) {
        expect(['done', 'upstream.failed']).toContain(codeOf(() => JSON.stringify(translate(rest))));
        expect(['done', 'upstream.failed']).toContain(
          codeOf(() => JSON.stringify(translate({ type: 'message', content: messages, choices: messages }))),
        );
      }
    }),
    { numRuns: 2_000 },
  );
});
