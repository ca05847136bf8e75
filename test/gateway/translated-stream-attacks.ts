import { message } from './model-server.ts';
import { CHAT, EMAIL, MAIL, MESSAGES, RESPONSES } from './translated-words.ts';

/** Made for a test. */
export const started = { type: 'message_start', message: { ...message([]), usage: { input_tokens: 10, output_tokens: 1 } } };
/** Made for a test. */
export const ended = [{ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }, { type: 'message_stop' }];
/** Made for a test. */
export const block = (index: number, content_block: object, ...deltas: object[]) => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
/** Made for a test. */
export const text = (said: string) => ({ type: 'text_delta', text: said });
/** Made for a test. */
export const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason, ...more }],
});
/** Made for a test. */
export const piece = (index: unknown, given: string, more: object = {}) =>
  chunk({ tool_calls: [{ index, function: { arguments: given, ...more } }] });

/** Where a model server hides a text in a stream that is translated: route of the client, place, events, what must not reach the client. */
export const STREAM_ATTACKS: readonly (readonly [string, string, readonly unknown[], string])[] = [
  [
    CHAT,
    'a text in pieces',
    [started, ...block(0, { type: 'text', text: '' }, text('mail ann.lee@ex'), text('ample.com')), ...ended],
    'ann.lee@ex',
  ],
  [CHAT, 'a text at the beginning of a block', [started, ...block(0, { type: 'text', text: MAIL }), ...ended], EMAIL],
  [
    CHAT,
    'a text over two blocks',
    [
      started,
      ...block(0, { type: 'text', text: '' }, text('mail ann.lee@ex')),
      ...block(1, { type: 'text', text: '' }, text('ample.com')),
      ...ended,
    ],
    'ann.lee@ex',
  ],
  [CHAT, 'a text of a block that did not begin', [started, { type: 'content_block_delta', index: 7, delta: text(MAIL) }, ...ended], EMAIL],
  [
    CHAT,
    'a second beginning',
    [started, { ...started, message: { ...message([{ type: 'text', text: MAIL }]), id: EMAIL } }, ...ended],
    EMAIL,
  ],
  [
    CHAT,
    'an unknown delta',
    [started, ...block(0, { type: 'text', text: '' }, { type: 'citations_delta', citation: { cited_text: MAIL }, text: MAIL }), ...ended],
    EMAIL,
  ],
  [CHAT, 'an unknown event', [started, { type: 'note', text: MAIL }, ...ended], EMAIL],
  [CHAT, 'a ping', [started, { type: 'ping', text: MAIL }, ...ended], EMAIL],
  [CHAT, 'a text behind the end', [started, ...ended, ...block(0, { type: 'text', text: MAIL })], EMAIL],
  [CHAT, 'a text behind the reason', [started, ended[0], ...block(0, { type: 'text', text: MAIL }), ended[1]], EMAIL],
  [CHAT, 'an error', [started, { type: 'error', error: { type: 'api_error', message: MAIL } }], EMAIL],
  [
    CHAT,
    'a call',
    [
      started,
      ...block(
        0,
        { type: 'tool_use', id: 'a', name: 'f', input: {} },
        { type: 'input_json_delta', partial_json: '{"m":"ann.lee@ex' },
        { type: 'input_json_delta', partial_json: 'ample.com"}' },
      ),
      ...ended,
    ],
    'ann.lee@ex',
  ],
  [
    CHAT,
    'a call with input at the beginning',
    [started, ...block(0, { type: 'tool_use', id: 'a', name: 'f', input: { m: EMAIL } }), ...ended],
    EMAIL,
  ],
  [
    CHAT,
    'a call that is denied',
    [started, ...block(0, { type: 'tool_use', id: 'a', name: 'send_mail', input: {} }), ...ended],
    '"arguments":"{}"',
  ],
  [
    CHAT,
    'mixed calls',
    [
      started,
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} } },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'b', name: 'g', input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"m":"ann.lee@ex' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: 'ample.com"}' } },
      ...ended,
    ],
    'ann.lee@ex',
  ],
  [
    MESSAGES,
    'a text in pieces',
    [chunk({ content: 'mail ann.lee@ex' }), chunk({ content: 'ample.com' }), chunk({}, 'stop'), '[DONE]'],
    'ann.lee@ex',
  ],
  [
    MESSAGES,
    'a text with thoughts between',
    [
      chunk({ content: 'mail ann.lee@ex' }),
      chunk({ reasoning_content: 'hm' }),
      chunk({ content: 'ample.com' }),
      chunk({}, 'stop'),
      '[DONE]',
    ],
    'ann.lee@example',
  ],
  [
    MESSAGES,
    'a text and a refusal',
    [chunk({ content: 'mail ann.lee@ex' }), chunk({ refusal: 'ample.com' }), chunk({}, 'stop'), '[DONE]'],
    'ann.lee@ex',
  ],
  [MESSAGES, 'another answer', [chunk({ content: 'x' }), chunk({ content: MAIL }, null, { index: 1 }), chunk({}, 'stop'), '[DONE]'], EMAIL],
  [MESSAGES, 'a text behind the end', [chunk({ content: 'x' }), chunk({}, 'stop'), '[DONE]', chunk({ content: MAIL })], EMAIL],
  [MESSAGES, 'a sequence', [chunk({ content: 'x' }), chunk({}, 'stop', { stop_reason: EMAIL }), '[DONE]'], EMAIL],
  [MESSAGES, 'an id', [{ ...chunk({ content: 'x' }), id: EMAIL }, chunk({}, 'stop'), '[DONE]'], EMAIL],
  [
    MESSAGES,
    'a call in pieces',
    [piece(0, '{"m":"ann.lee@ex', { name: 'f' }), piece(0, 'ample.com"}'), chunk({}, 'tool_calls'), '[DONE]'],
    'ann.lee@ex',
  ],
  [
    MESSAGES,
    'mixed calls',
    [
      piece(0, '{"m":"ann.lee@ex', { name: 'f' }),
      piece(1, '{}', { name: 'g' }),
      piece(0, 'ample.com"}'),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ],
    'ann.lee@ex',
  ],
  [
    MESSAGES,
    'a name in pieces',
    [piece(0, '', { name: 'send_' }), piece(0, '{}', { name: 'mail' }), chunk({}, 'tool_calls'), '[DONE]'],
    'send_mail',
  ],
  [
    MESSAGES,
    'calls at places that are none',
    [piece('0', '{"m":"ann.lee@ex', { name: 'f' }), piece(-1, 'ample.com"}'), chunk({}, 'tool_calls'), '[DONE]'],
    'ann.lee@ex',
  ],
  [MESSAGES, 'an error', [chunk({ content: 'x' }), { error: { message: MAIL } }], EMAIL],
  [MESSAGES, 'no reason', [chunk({ content: 'x' }), '[DONE]'], '"end_turn"'],
  [
    RESPONSES,
    'a text in pieces',
    [chunk({ content: 'mail ann.lee@ex' }), chunk({ content: 'ample.com' }), chunk({}, 'stop'), '[DONE]'],
    'ann.lee@ex',
  ],
  [
    RESPONSES,
    'thoughts in pieces',
    [chunk({ reasoning_content: 'mail ann.lee@ex' }), chunk({ reasoning_content: 'ample.com' }), chunk({}, 'stop'), '[DONE]'],
    'ann.lee@ex',
  ],
  [
    RESPONSES,
    'mixed calls',
    [
      piece(0, '{"m":"ann.lee@ex', { name: 'f' }),
      piece(1, '{}', { name: 'g' }),
      piece(0, 'ample.com"}'),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ],
    'ann.lee@ex',
  ],
  [
    RESPONSES,
    'a name in pieces',
    [piece(0, '', { name: 'send_' }), piece(0, '{}', { name: 'mail' }), chunk({}, 'tool_calls'), '[DONE]'],
    'response.function_call_arguments.done',
  ],
];
