import { expect, test } from 'vitest';
import { chatToMessages } from './chat-to-messages/request.ts';
import { messagesToChat } from './messages-to-chat/request.ts';

const user = { role: 'user', content: 'hi' };
const parts = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const call = (more: object) => ({ messages: [user, { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', ...more }] }, user] });

test.each([
  ['n', { n: 2 }],
  ['frequency_penalty', { frequency_penalty: 0.5 }],
  ['presence_penalty', { presence_penalty: -1 }],
  ['logprobs', { logprobs: true }],
  ['top_logprobs', { top_logprobs: 3 }],
  ['logit_bias', { logit_bias: { '50256': -100 } }],
  ['seed', { seed: 1 }],
  ['store', { store: true }],
  ['metadata', { metadata: { a: 'b' } }],
  ['modalities', { modalities: ['text', 'audio'] }],
  ['audio', { audio: { voice: 'x' } }],
  ['prediction', { prediction: { type: 'content', content: 'x' } }],
  ['web_search_options', { web_search_options: {} }],
  ['verbosity', { verbosity: 'low' }],
  ['functions', { functions: [{ name: 'f' }] }],
  ['novelty', { novelty: 1 }],
  ['a field of the request', { 'odd name': 1 }],
  ['temperature', { temperature: 1.5 }],
  ['service_tier', { service_tier: 'flex' }],
  ['reasoning_effort', { reasoning_effort: 'utmost' }],
  ['response_format', { response_format: { type: 'json_object' } }],
  ['tool_choice', { tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: { type: 'allowed_tools' } }],
  ['tools[0]', { tools: [{ type: 'custom', custom: { name: 'f' } }] }],
  ['messages[0].name', { messages: [{ ...user, name: 'ann' }] }],
  ['messages[0].role', { messages: [{ role: 'function', name: 'f', content: 'x' }] }],
  ['messages[0].content[0]', parts({ type: 'input_audio', input_audio: { data: '', format: 'wav' } })],
  ['messages[0].content[0].file.file_id', parts({ type: 'file', file: { file_id: 'file-1' } })],
  ['messages[0].content[0].file', parts({ type: 'file', file: { file_data: 'data:text/html;base64,PGI+' } })],
  ['messages[1].tool_calls[0].custom', call({ custom: { name: 'f' }, function: { name: 'f', arguments: '' } })],
  ['messages[1].tool_calls[0].function.arguments', call({ function: { name: 'f', arguments: '[1]' } })],
  ['messages[1].audio', { messages: [user, { role: 'assistant', content: 'x', audio: { id: 'a' } }, user] }],
])('a chat with %s is refused by name for a provider of the other protocol', (field, more) => {
  expect(() => chatToMessages({ model: 'm', messages: [user], ...more }, 10)).toThrow(`${field} cannot be translated`);
});

test.each([
  ['top_k', { top_k: 5 }],
  ['container', { container: 'c' }],
  ['mcp_servers', { mcp_servers: [] }],
  ['inference_geo', { inference_geo: 'us' }],
  ['stop_sequences', { stop_sequences: ['a', 'b', 'c', 'd', 'e'] }],
  ['thinking', { thinking: { type: 'novel' } }],
  ['output_config.novelty', { output_config: { novelty: 1 } }],
  ['metadata.novelty', { metadata: { novelty: 1 } }],
  ['tools[0]', { tools: [{ type: 'web_search_20260318', name: 'web_search' }] }],
  ['tools[0].defer_loading', { tools: [{ name: 'f', input_schema: {}, defer_loading: true }] }],
  ['tool_choice', { tools: [{ name: 'f', input_schema: {} }], tool_choice: { type: 'novel' } }],
  ['messages[1]', { messages: [user, { role: 'assistant', content: 'Once upon' }] }],
  ['messages[0].role', { messages: [{ role: 'narrator', content: 'x' }] }],
  ['messages[0].content[0]', parts({ type: 'search_result', source: 's', title: 't', content: [] })],
  ['messages[0].content[0].source', parts({ type: 'image', source: { type: 'file', file_id: 'f' } })],
  ['messages[0].content[0].source', parts({ type: 'document', source: { type: 'url', url: 'https://a.example/' } })],
  ['messages[0].content[0].citations', parts({ type: 'document', source: { type: 'text', data: 'x' }, citations: { enabled: true } })],
  ['messages[0].content[0].content[0]', parts({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image', source: {} }] })],
  ['messages[1].content[0]', { messages: [user, { role: 'assistant', content: [{ type: 'server_tool_use', id: 'a' }] }, user] }],
])('a message with %s is refused by name for a provider of the other protocol', (field, more) => {
  expect(() => messagesToChat({ model: 'm', max_tokens: 10, messages: [user], ...more })).toThrow(`${field} cannot be translated`);
});

test('what asks for nothing, and what is about caches, is left out', () => {
  const neutral = { n: 1, logprobs: false, store: false, metadata: {}, logit_bias: {}, response_format: { type: 'text' }, seed: null };
  const hints = { prompt_cache_key: 'k', service_tier: 'auto', stream_options: { include_usage: true }, stream: false };
  expect(chatToMessages({ model: 'm', messages: [user], ...neutral, ...hints, presence_penalty: 0 }, 10)).toEqual({
    model: 'm',
    messages: [user],
    max_tokens: 10,
  });
  const cache_control = { type: 'ephemeral' };
  const text = (words: string) => ({ type: 'text', text: words, cache_control });
  expect(
    messagesToChat({
      model: 'm',
      max_tokens: 10,
      cache_control,
      system: [text('One.'), text('Two.')],
      tools: [{ name: 'f', input_schema: { type: 'object' }, cache_control }],
      messages: [
        { role: 'user', content: [text('hi')] },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }, text('yes')] },
        { role: 'user', content: [{ type: 'text', text: '' }, text('go')] },
      ],
      thinking: { type: 'enabled', budget_tokens: 10_000 },
    }),
  ).toEqual({
    model: 'm',
    max_completion_tokens: 10,
    reasoning_effort: 'medium',
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    messages: [
      { role: 'system', content: 'One.\n\nTwo.' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'yes' },
      { role: 'user', content: 'go' },
    ],
  });
});

test('instructions in the middle stay there, an answer that was begun goes last', () => {
  const messages = [
    { role: 'developer', content: 'Be brief.' },
    user,
    { role: 'assistant', content: 'yes', refusal: null, annotations: [], reasoning_content: 'Hm.' },
    { role: 'system', content: 'Now in German.' },
    user,
    { role: 'assistant', content: 'Es war' },
  ];
  expect(chatToMessages({ model: 'm', messages, reasoning_effort: 'none' }, 10)).toEqual({
    model: 'm',
    system: 'Be brief.',
    messages: [
      user,
      { role: 'assistant', content: 'yes' },
      { role: 'system', content: 'Now in German.' },
      user,
      { role: 'assistant', content: 'Es war' },
    ],
    max_tokens: 10,
    thinking: { type: 'disabled' },
  });
});

test('ids of calls and names of users that the other provider refuses become others, always the same', () => {
  const id = 'functions.look_up:0';
  const asked = {
    model: 'm',
    messages: [
      user,
      { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '' } }] },
      { role: 'tool', tool_call_id: id, content: 'x' },
    ],
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- a body
  const { messages } = chatToMessages(asked, 10) as any;
  expect(messages[1].content[0].id).toMatch(/^call_[0-9a-f]{32}$/);
  expect(messages[2].content[0].tool_use_id).toBe(messages[1].content[0].id);
  const named = messagesToChat({ model: 'm', max_tokens: 1, messages: [user], metadata: { user_id: 'u'.repeat(200) } });
  expect(named.user).toMatch(/^[0-9a-f]{64}$/);
});
