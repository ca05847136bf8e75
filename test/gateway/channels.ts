import { chatAnswer, message } from './model-server.ts';

/** A place in a request where text can stand: a function that puts one there. */
export interface RequestChannel {
  readonly route: string;
  readonly name: string;
  /** A form where the route takes one. */
  body(text: string): object;
}

/** A place in an answer where text can stand, whole and, where there are streams, in pieces. */
export interface AnswerChannel {
  readonly route: string;
  readonly name: string;
  readonly request: object;
  whole(text: string): object;
  /** The pieces of the text one after the other, as the route streams them. */
  stream?(pieces: readonly string[]): readonly unknown[];
}

const user = { role: 'user', content: 'hi' };
const chat = (messages: readonly object[], more: object = {}) => ({ model: 'm', messages, ...more });
const call = (args: string) => ({ id: 'c1', type: 'function', function: { name: 'look_up', arguments: args } });
const quoted = (text: string): string => JSON.stringify({ q: text });
const CHAT = '/v1/chat/completions';
const RESPONSES = '/v1/responses';
const MESSAGES = '/anthropic/v1/messages';
const claude = (messages: readonly object[], more: object = {}) => ({ model: 'c', max_tokens: 100, messages, ...more });
const used = { type: 'tool_use', id: 't1', name: 'look_up', input: {} };

/** Every channel of every guarded request. */
export const REQUEST_CHANNELS: readonly RequestChannel[] = [
  { route: CHAT, name: 'user', body: (text) => chat([{ role: 'user', content: text }]) },
  { route: CHAT, name: 'system', body: (text) => chat([{ role: 'system', content: text }, user]) },
  { route: CHAT, name: 'developer', body: (text) => chat([{ role: 'developer', content: text }, user]) },
  {
    route: CHAT,
    name: 'earlier message',
    body: (text) => chat([{ role: 'user', content: text }, { role: 'assistant', content: 'ok' }, user]),
  },
  { route: CHAT, name: 'assistant', body: (text) => chat([{ role: 'assistant', content: text }, user]) },
  { route: CHAT, name: 'unknown role', body: (text) => chat([{ role: 'narrator', content: text }, user]) },
  { route: CHAT, name: 'content part', body: (text) => chat([{ role: 'user', content: [{ type: 'text', text }] }]) },
  { route: CHAT, name: 'unknown part', body: (text) => chat([{ role: 'user', content: [{ type: 'novel', payload: { text } }] }]) },
  {
    route: CHAT,
    name: 'image address',
    body: (text) => chat([{ role: 'user', content: [{ type: 'image_url', image_url: { url: `https://a.example/?q=${text}` } }] }]),
  },
  {
    route: CHAT,
    name: 'split over parts',
    body: (text) =>
      chat([
        { role: 'user', content: [text.slice(0, 5), text.slice(5, 9), text.slice(9)].map((piece) => ({ type: 'text', text: piece })) },
      ]),
  },
  { route: CHAT, name: 'name', body: (text) => chat([{ ...user, name: text }]) },
  {
    route: CHAT,
    name: 'tool result',
    body: (text) =>
      chat([user, { role: 'assistant', content: null, tool_calls: [call('{}')] }, { role: 'tool', tool_call_id: 'c1', content: text }]),
  },
  {
    route: CHAT,
    name: 'tool arguments',
    body: (text) =>
      chat([
        user,
        { role: 'assistant', content: null, tool_calls: [call(quoted(text))] },
        { role: 'tool', tool_call_id: 'c1', content: 'ok' },
      ]),
  },
  {
    route: CHAT,
    name: 'tool description',
    body: (text) => chat([user], { tools: [{ type: 'function', function: { name: 'look_up', description: text } }] }),
  },
  {
    route: CHAT,
    name: 'tool schema',
    body: (text) =>
      chat([user], {
        tools: [
          { type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: { q: { description: text } } } } },
        ],
      }),
  },
  {
    route: CHAT,
    name: 'response format',
    body: (text) => chat([user], { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { description: text } } } }),
  },
  { route: CHAT, name: 'prediction', body: (text) => chat([user], { prediction: { type: 'content', content: text } }) },
  { route: CHAT, name: 'metadata', body: (text) => chat([user], { metadata: { note: text } }) },
  { route: CHAT, name: 'field name', body: (text) => chat([user], { metadata: { [text]: 'x' } }) },
  { route: CHAT, name: 'unknown field', body: (text) => chat([user], { novelty: { deep: [{ inside: text }] } }) },
  { route: '/v1/completions', name: 'prompt', body: (text) => ({ model: 'm', prompt: text }) },
  { route: '/v1/completions', name: 'prompts', body: (text) => ({ model: 'm', prompt: ['a', text] }) },
  { route: '/v1/completions', name: 'suffix', body: (text) => ({ model: 'm', prompt: 'a', suffix: text }) },
  { route: '/v1/embeddings', name: 'input', body: (text) => ({ model: 'm', input: text }) },
  { route: '/v1/embeddings', name: 'inputs', body: (text) => ({ model: 'm', input: ['a', text] }) },
  { route: '/v1/moderations', name: 'input', body: (text) => ({ model: 'm', input: [{ type: 'text', text }] }) },
  { route: RESPONSES, name: 'input', body: (text) => ({ model: 'm', input: text }) },
  { route: RESPONSES, name: 'instructions', body: (text) => ({ model: 'm', input: 'hi', instructions: text }) },
  {
    route: RESPONSES,
    name: 'message',
    body: (text) => ({ model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text }] }] }),
  },
  {
    route: RESPONSES,
    name: 'file',
    body: (text) => ({ model: 'm', input: [{ role: 'user', content: [{ type: 'input_file', filename: text, file_data: 'eA==' }] }] }),
  },
  {
    route: RESPONSES,
    name: 'tool arguments',
    body: (text) => ({ model: 'm', input: [{ type: 'function_call', call_id: 'c', name: 'look_up', arguments: quoted(text) }] }),
  },
  {
    route: RESPONSES,
    name: 'tool result',
    body: (text) => ({ model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: text }] }),
  },
  {
    route: RESPONSES,
    name: 'tool result parts',
    body: (text) => ({ model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text }] }] }),
  },
  {
    route: RESPONSES,
    name: 'reasoning',
    body: (text) => ({
      model: 'm',
      input: [{ type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text }], encrypted_content: 'AAAA' }],
    }),
  },
  {
    route: RESPONSES,
    name: 'tool description',
    body: (text) => ({ model: 'm', input: 'hi', tools: [{ type: 'function', name: 'look_up', description: text }] }),
  },
  { route: RESPONSES, name: 'prompt variables', body: (text) => ({ model: 'm', prompt: { id: 'p', variables: { who: text } } }) },
  { route: RESPONSES, name: 'unknown item', body: (text) => ({ model: 'm', input: [{ type: 'novel', something: text }] }) },
  { route: MESSAGES, name: 'user', body: (text) => claude([{ role: 'user', content: text }]) },
  { route: MESSAGES, name: 'text block', body: (text) => claude([{ role: 'user', content: [{ type: 'text', text }] }]) },
  {
    route: MESSAGES,
    name: 'split over blocks',
    body: (text) => claude([{ role: 'user', content: [text.slice(0, 6), text.slice(6)].map((piece) => ({ type: 'text', text: piece })) }]),
  },
  { route: MESSAGES, name: 'system', body: (text) => claude([user], { system: text }) },
  { route: MESSAGES, name: 'system blocks', body: (text) => claude([user], { system: [{ type: 'text', text }] }) },
  { route: MESSAGES, name: 'assistant', body: (text) => claude([user, { role: 'assistant', content: text }]) },
  {
    route: MESSAGES,
    name: 'tool arguments',
    body: (text) => claude([user, { role: 'assistant', content: [{ ...used, input: { q: text } }] }]),
  },
  {
    route: MESSAGES,
    name: 'tool result',
    body: (text) =>
      claude([
        user,
        { role: 'assistant', content: [used] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: text }] },
      ]),
  },
  {
    route: MESSAGES,
    name: 'tool result blocks',
    body: (text) => claude([{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text }] }] }]),
  },
  {
    route: MESSAGES,
    name: 'document',
    body: (text) =>
      claude([{ role: 'user', content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } }] }]),
  },
  {
    route: MESSAGES,
    name: 'document title',
    body: (text) =>
      claude([{ role: 'user', content: [{ type: 'document', title: text, source: { type: 'url', url: 'https://a.example/' } }] }]),
  },
  {
    route: MESSAGES,
    name: 'thinking',
    body: (text) => claude([user, { role: 'assistant', content: [{ type: 'thinking', thinking: text, signature: 'x' }] }]),
  },
  {
    route: MESSAGES,
    name: 'tool description',
    body: (text) => claude([user], { tools: [{ name: 'look_up', description: text, input_schema: { type: 'object' } }] }),
  },
  { route: MESSAGES, name: 'unknown block', body: (text) => claude([{ role: 'user', content: [{ type: 'novel', words: text }] }]) },
  { route: MESSAGES, name: 'unknown field', body: (text) => claude([user], { metadata: { user_id: text } }) },
  { route: '/anthropic/v1/messages/count_tokens', name: 'user', body: (text) => claude([{ role: 'user', content: text }]) },
];

const chunk = (choice: object) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
});
const ended = [chunk({ finish_reason: 'stop' }), '[DONE]'];
const deltas = (field: string) => (pieces: readonly string[]) => [...pieces.map((piece) => chunk({ delta: { [field]: piece } })), ...ended];
const block =
  (start: object, delta: (piece: string) => object, end = 'end_turn') =>
  (pieces: readonly string[]) => [
    { type: 'message_start', message: { ...message([]), stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: start },
    ...pieces.map((piece) => ({ type: 'content_block_delta', index: 0, delta: delta(piece) })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: end, stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
const response = (output: readonly object[]) => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'm',
  output,
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
});
const said = (text: string) => ({
  type: 'message',
  id: 'i',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const responded = (kind: string, done: string, item: (text: string) => object) => (pieces: readonly string[]) => {
  const text = pieces.join('');
  const at = { item_id: 'i', output_index: 0, content_index: 0 };
  const empty = { ...item(''), status: 'in_progress' };
  return [
    { type: 'response.created', response: { ...response([]), status: 'in_progress' } },
    { type: 'response.output_item.added', output_index: 0, item: empty },
    ...pieces.map((delta) => ({ type: `response.${kind}.delta`, ...at, delta })),
    { type: `response.${kind}.done`, ...at, [done]: text },
    { type: 'response.output_item.done', output_index: 0, item: item(text) },
    { type: 'response.completed', response: response([item(text)]) },
  ];
};
const called = (args: string) => ({ type: 'function_call', id: 'i', call_id: 'c', name: 'look_up', arguments: args, status: 'completed' });

/** Every channel of every guarded answer. */
export const ANSWER_CHANNELS: readonly AnswerChannel[] = [
  { route: CHAT, name: 'content', request: chat([user]), whole: (text) => chatAnswer(text), stream: deltas('content') },
  { route: CHAT, name: 'refusal', request: chat([user]), whole: (text) => chatAnswer(null, { refusal: text }), stream: deltas('refusal') },
  {
    route: CHAT,
    name: 'reasoning',
    request: chat([user]),
    whole: (text) => chatAnswer('a', { reasoning_content: text }),
    stream: deltas('reasoning_content'),
  },
  {
    route: CHAT,
    name: 'unknown field',
    request: chat([user]),
    whole: (text) => chatAnswer('a', { novelty: { text } }),
    stream: deltas('novelty'),
  },
  {
    route: CHAT,
    name: 'third choice',
    request: chat([user], { n: 3 }),
    whole: (text) => {
      const answer = chatAnswer('a', {}, 3) as { choices: { message: { content: string } }[] };
      answer.choices[2]!.message.content = text;
      return answer;
    },
    stream: (pieces) => [...pieces.map((content) => chunk({ index: 2, delta: { content } })), ...ended],
  },
  { route: CHAT, name: 'content parts', request: chat([user]), whole: (text) => chatAnswer([{ type: 'text', text }] as never) },
  {
    route: CHAT,
    name: 'tool arguments',
    request: chat([user]),
    whole: (text) => chatAnswer(null, { tool_calls: [call(quoted(text))] }),
    stream: (pieces) => [
      chunk({ delta: { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{"q":"' } }] } }),
      ...pieces.map((piece) =>
        chunk({ delta: { tool_calls: [{ index: 0, function: { arguments: JSON.stringify(piece).slice(1, -1) } }] } }),
      ),
      chunk({ delta: { tool_calls: [{ index: 0, function: { arguments: '"}' } }] } }),
      ...ended,
    ],
  },
  {
    route: CHAT,
    name: 'annotation',
    request: chat([user]),
    whole: (text) => chatAnswer('a', { annotations: [{ type: 'url_citation', url_citation: { title: text } }] }),
  },
  {
    route: CHAT,
    name: 'beside the choices',
    request: chat([user]),
    whole: (text) => ({ ...chatAnswer('a'), note: text }),
    stream: (pieces) => [...pieces.map((note) => ({ ...chunk({}), note })), ...ended],
  },
  {
    route: '/v1/completions',
    name: 'text',
    request: { model: 'm', prompt: 'hi' },
    whole: (text) => ({ ...chatAnswer(null), choices: [{ index: 0, text, finish_reason: 'stop' }] }),
    stream: (pieces) => [
      ...pieces.map((text) => ({ id: 'x', object: 'text_completion', choices: [{ index: 0, text, finish_reason: null }] })),
      '[DONE]',
    ],
  },
  {
    route: RESPONSES,
    name: 'text',
    request: { model: 'm', input: 'hi' },
    whole: (text) => response([said(text)]),
    stream: responded('output_text', 'text', said),
  },
  {
    route: RESPONSES,
    name: 'refusal',
    request: { model: 'm', input: 'hi' },
    whole: (text) => response([{ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: text }] }]),
    stream: responded('refusal', 'refusal', (refusal) => ({ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal }] })),
  },
  {
    route: RESPONSES,
    name: 'reasoning summary',
    request: { model: 'm', input: 'hi' },
    whole: (text) => response([{ type: 'reasoning', summary: [{ type: 'summary_text', text }] }]),
    stream: responded('reasoning_summary_text', 'text', (text) => ({ type: 'reasoning', summary: [{ type: 'summary_text', text }] })),
  },
  {
    route: RESPONSES,
    name: 'tool arguments',
    request: { model: 'm', input: 'hi' },
    whole: (text) => response([called(quoted(text))]),
    stream: (pieces) =>
      responded(
        'function_call_arguments',
        'arguments',
        called,
      )(['{"q":"', ...pieces.map((piece) => JSON.stringify(piece).slice(1, -1)), '"}']),
  },
  {
    route: RESPONSES,
    name: 'unknown item',
    request: { model: 'm', input: 'hi' },
    whole: (text) => response([{ type: 'novel', words: text }]),
    stream: responded('novel_text', 'words', (words) => ({ type: 'novel', words })),
  },
  {
    route: MESSAGES,
    name: 'text',
    request: claude([user]),
    whole: (text) => message([{ type: 'text', text }]),
    stream: block({ type: 'text', text: '' }, (text) => ({ type: 'text_delta', text })),
  },
  {
    route: MESSAGES,
    name: 'thinking',
    request: claude([user]),
    whole: (text) => message([{ type: 'thinking', thinking: text, signature: 's' }]),
    stream: block({ type: 'thinking', thinking: '' }, (thinking) => ({ type: 'thinking_delta', thinking })),
  },
  {
    route: MESSAGES,
    name: 'tool arguments',
    request: claude([user]),
    whole: (text) => message([{ ...used, input: { q: text } }], 'tool_use'),
    stream: (pieces) =>
      block(
        used,
        (partial_json) => ({ type: 'input_json_delta', partial_json }),
        'tool_use',
      )(['{"q":"', ...pieces.map((piece) => JSON.stringify(piece).slice(1, -1)), '"}']),
  },
  {
    route: MESSAGES,
    name: 'unknown delta',
    request: claude([user]),
    whole: (text) => message([{ type: 'novel', words: text }]),
    stream: block({ type: 'novel' }, (words) => ({ type: 'novel_delta', words })),
  },
];
