import { eventText, message } from './model-server.ts';

export const EMAIL = 'ann.smith@example.com';
export const CARD = 4111111111111111;
export const CHAT = '/v1/chat/completions';
export const RESPONSES = '/v1/responses';
export const MESSAGES = '/anthropic/v1/messages';

const choice = (more: object): object => ({ index: 0, delta: {}, finish_reason: null, ...more });
const chunk = (choices: unknown, more: object = {}): object => ({
  id: 'x',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices,
  ...more,
});
const part = (content: string, more: object = {}): object => chunk([choice({ delta: { content }, ...more })]);
const toolCall = (call: object): object => chunk([choice({ delta: { tool_calls: [{ index: 0, id: 'c', ...call }] } })]);
const HALVES = [EMAIL.slice(0, 9), EMAIL.slice(9)] as const;
const ends = [part('', { finish_reason: 'stop' }), '[DONE]'];
const block = (start: object, ...deltas: readonly unknown[]): readonly unknown[] => [
  { type: 'message_start', message: { ...message([]), stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: start },
  ...deltas,
  { type: 'content_block_stop', index: 0 },
  { type: 'message_stop' },
];
const text = { type: 'text', text: '' };
const delta = (more: unknown, beside: object = {}): object => ({ type: 'content_block_delta', index: 0, delta: more, ...beside });

/** Route, name and stream of a model server that wants something to pass unseen. The last is what the client must not be able to put together. */
export const STREAMS: readonly (readonly [string, string, readonly unknown[] | string, string | readonly string[]])[] = [
  [CHAT, 'in a comment', `: ${EMAIL}\n\n${eventText([part('a'), ...ends])}`, EMAIL],
  [CHAT, 'in a comment beside data', `: ${EMAIL}\n${eventText([part('a'), ...ends])}`, EMAIL],
  [CHAT, 'in the name of an event', `event: ${EMAIL}\n\n${eventText(ends)}`, EMAIL],
  [CHAT, 'in the id of an event', `id: ${EMAIL}\n${eventText([part('a'), ...ends])}`, EMAIL],
  [CHAT, 'in a field that does not exist', `note: ${EMAIL}\n${eventText([part('a'), ...ends])}`, EMAIL],
  [CHAT, 'behind a byte order mark', `\uFEFF${eventText([part(EMAIL), ...ends])}`, EMAIL],
  [CHAT, 'behind a byte order mark further down', `${eventText([part('a')])}\uFEFF${eventText([part(EMAIL), ...ends])}`, EMAIL],
  [CHAT, 'with lines that end with CR alone', eventText([part(EMAIL), ...ends]).replaceAll('\n', '\r'), EMAIL],
  [CHAT, 'in lines of data', `data: {"id":"x","choices":[{"index":0,"delta":\ndata: {"content":"${EMAIL}"}}]}\n\n`, EMAIL],
  [
    CHAT,
    'under the same key twice',
    `data: {"choices":[{"index":0,"delta":{"content":"${EMAIL}"}}],"choices":[]}\n\ndata: [DONE]\n\n`,
    EMAIL,
  ],
  [CHAT, 'after the end', [part('a'), ...ends, part(EMAIL)], EMAIL],
  [CHAT, 'on both sides of the end', [part(HALVES[0], { finish_reason: 'stop' }), part(HALVES[1]), '[DONE]'], HALVES],
  [CHAT, 'on both sides of [DONE]', [part(HALVES[0]), '[DONE]', part(HALVES[1])], HALVES],
  [CHAT, 'with ends that are none', [part(HALVES[0], { finish_reason: '' }), part(HALVES[1], { finish_reason: '' }), ...ends], HALVES],
  [
    CHAT,
    'between pieces of no choice',
    [part(HALVES[0]), chunk([choice({ index: -1, delta: { content: ' ' } })]), part(HALVES[1]), ...ends],
    HALVES,
  ],
  [CHAT, 'in choices that are no list', [chunk({ a: EMAIL }), ...ends], EMAIL],
  [CHAT, 'in choices that are texts', [chunk([EMAIL]), ...ends], EMAIL],
  [CHAT, 'in an id', [chunk([choice({})], { id: EMAIL }), ...ends], EMAIL],
  [CHAT, 'in a model', [chunk([choice({})], { model: `to ${EMAIL}` }), ...ends], EMAIL],
  [CHAT, 'in the usage', [chunk([], { usage: { note: EMAIL } }), ...ends], EMAIL],
  [CHAT, 'in the reason of the end', [part('a', { finish_reason: `because ${EMAIL}` }), '[DONE]'], EMAIL],
  [CHAT, 'in the reason of the end, as an object', [part('a', { finish_reason: { a: EMAIL } }), '[DONE]'], EMAIL],
  [CHAT, 'in an index', [part('a', { index: EMAIL }), ...ends], EMAIL],
  [CHAT, 'in a number', [part(CARD as never), ...ends], `${CARD}`],
  [CHAT, 'in log probabilities', [part('a', { logprobs: { content: [{ token: EMAIL, logprob: 0 }] } }), ...ends], EMAIL],
  [CHAT, 'in a role', [chunk([choice({ delta: { role: EMAIL } })]), ...ends], EMAIL],
  [CHAT, 'in the id of a call', [toolCall({ id: EMAIL, function: { name: 'f', arguments: '{}' } }), ...ends], EMAIL],
  [CHAT, 'in an unknown field of a call', [toolCall({ note: EMAIL, function: { name: 'f', arguments: '{}' } }), ...ends], EMAIL],
  [CHAT, 'in an unknown field of a function', [toolCall({ function: { name: 'f', arguments: '{}', note: EMAIL } }), ...ends], EMAIL],
  [CHAT, 'in input beside arguments', [toolCall({ function: { name: 'f', arguments: `{"a":"${EMAIL}"}`, input: '' } }), ...ends], EMAIL],
  [CHAT, 'in arguments that are an object', [toolCall({ function: { name: 'f', arguments: { a: EMAIL } } }), ...ends], EMAIL],
  [CHAT, 'in calls that are no list', [chunk([choice({ delta: { tool_calls: { a: EMAIL } } })]), ...ends], EMAIL],
  [CHAT, 'in calls that are texts', [chunk([choice({ delta: { tool_calls: [EMAIL] } })]), ...ends], EMAIL],
  [CHAT, 'in custom beside a function', [toolCall({ function: { name: 'f', arguments: '{}' }, custom: { input: EMAIL } }), ...ends], EMAIL],
  [
    CHAT,
    'a tool that may not be called, after another name',
    [toolCall({ function: { name: 'x', arguments: '' } }), toolCall({ function: { name: 'send_mail', arguments: '{}' } }), ...ends],
    'send_mail',
  ],
  [
    CHAT,
    'a tool that may not be called, in two calls of one place',
    [
      toolCall({ id: 'c1', function: { name: 'send_mail', arguments: '' } }),
      toolCall({ id: 'c2', function: { name: 'x', arguments: '{}' } }),
      ...ends,
    ],
    'send_mail',
  ],
  [MESSAGES, 'in a delta that is a text', block(text, delta(EMAIL)), EMAIL],
  [MESSAGES, 'beside a delta', block(text, delta({ type: 'text_delta', text: 'a' }, { note: EMAIL })), EMAIL],
  [
    MESSAGES,
    'beside the start of a block',
    [{ type: 'content_block_start', index: 0, content_block: text, note: EMAIL }, { type: 'message_stop' }],
    EMAIL,
  ],
  [MESSAGES, 'beside the end of a block', [{ type: 'content_block_stop', index: 0, note: EMAIL }, { type: 'message_stop' }], EMAIL],
  [MESSAGES, 'beside the end of a message', [{ type: 'message_stop', note: EMAIL }], EMAIL],
  [MESSAGES, 'beside a message', [{ type: 'message_start', message: message([]), note: EMAIL }, { type: 'message_stop' }], EMAIL],
  [
    MESSAGES,
    'in the usage',
    [{ type: 'message_start', message: { ...message([]), usage: { input_tokens: 1, note: EMAIL } } }, { type: 'message_stop' }],
    EMAIL,
  ],
  [
    MESSAGES,
    'in a signature',
    block({ type: 'thinking', thinking: '' }, delta({ type: 'signature_delta', signature: `to ${EMAIL}` })),
    EMAIL,
  ],
  [
    MESSAGES,
    'in a block that is a text',
    [{ type: 'content_block_start', index: 0, content_block: EMAIL }, { type: 'message_stop' }],
    EMAIL,
  ],
  [MESSAGES, 'in the input of a call that is a text', block({ type: 'tool_use', id: 't', name: 'f', input: EMAIL }), EMAIL],
  [MESSAGES, 'in an unknown field of a call', block({ type: 'tool_use', id: 't', name: 'f', input: {}, note: EMAIL }), EMAIL],
  [MESSAGES, 'in input that is called id', block({ type: 'tool_use', id: 't', name: 'f', input: { id: '123-45-6789' } }), '123-45-6789'],
  [
    MESSAGES,
    'on both sides of the end of a block',
    [
      ...block(text, delta({ type: 'text_delta', text: HALVES[0] })).slice(0, -1),
      delta({ type: 'text_delta', text: HALVES[1] }),
      { type: 'message_stop' },
    ],
    HALVES,
  ],
  [
    MESSAGES,
    'a tool that may not be called, after another name',
    [
      ...block({ type: 'tool_use', id: 't', name: 'send_mail', input: {} }).slice(0, 2),
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't', name: 'x', input: {} } },
      { type: 'message_stop' },
    ],
    'send_mail',
  ],
  [
    RESPONSES,
    'in log probabilities',
    [{ type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: 'a', logprobs: [{ token: EMAIL }] }],
    EMAIL,
  ],
  [
    RESPONSES,
    'in what makes lengths alike',
    [{ type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: 'a', obfuscation: `to ${EMAIL}` }],
    EMAIL,
  ],
  [
    RESPONSES,
    'in a part of a picture',
    [{ type: 'response.image_generation_call.partial_image', output_index: 0, partial_image_b64: `to ${EMAIL}` }],
    EMAIL,
  ],
  [
    RESPONSES,
    'in an unknown field of the response',
    [{ type: 'response.completed', response: { id: 'r', output: [], output_text: EMAIL } }],
    EMAIL,
  ],
  [RESPONSES, 'in an item that is a text', [{ type: 'response.output_item.done', output_index: 0, item: EMAIL }], EMAIL],
  [RESPONSES, 'in a response that is a text', [{ type: 'response.completed', response: EMAIL }], EMAIL],
  [RESPONSES, 'in output that is no list', [{ type: 'response.completed', response: { output: { a: EMAIL } } }], EMAIL],
];
