import { chatAnswer, message } from './model-server.ts';
import { CHAT, EMAIL, KEY, MAIL, MESSAGES, RESPONSES } from './translated-words.ts';

const completion = (more: object, choice: object = {}) => ({
  ...chatAnswer('Hello.'),
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.', ...more }, finish_reason: 'stop', ...choice }],
});
const call = (name: string, given: string) => [{ id: 'a', type: 'function', function: { name, arguments: given } }];

/** Where a model server hides a text in an answer that is translated: route of the client, place, answer, what must not reach the client. */
export const ANSWER_ATTACKS: readonly (readonly [string, string, object, string])[] = [
  [CHAT, 'a text', message([{ type: 'text', text: MAIL }]), EMAIL],
  [
    CHAT,
    'two texts',
    message([
      { type: 'text', text: 'mail ann.lee@exam' },
      { type: 'text', text: 'ple.com' },
    ]),
    'ann.lee@exam',
  ],
  [CHAT, 'thoughts', message([{ type: 'thinking', thinking: MAIL, signature: '' }]), EMAIL],
  [CHAT, 'an unknown block', message([{ type: 'new_block', text: MAIL }]), EMAIL],
  [CHAT, 'a result of a tool of the provider', message([{ type: 'web_search_tool_result', content: [{ title: MAIL }] }]), EMAIL],
  [CHAT, 'a citation', message([{ type: 'text', text: 'x', citations: [{ cited_text: MAIL }] }]), EMAIL],
  [CHAT, 'a call', message([{ type: 'tool_use', id: 'a', name: 'f', input: { m: EMAIL } }], 'tool_use'), EMAIL],
  [CHAT, 'a call that is denied', message([{ type: 'tool_use', id: 'a', name: 'send_mail', input: {} }], 'tool_use'), 'send_mail'],
  [CHAT, 'an id', { ...message([{ type: 'text', text: 'x' }]), id: EMAIL }, EMAIL],
  [CHAT, 'a model', { ...message([{ type: 'text', text: 'x' }]), model: KEY }, KEY],
  [CHAT, 'a reason', { ...message([{ type: 'text', text: 'x' }]), stop_reason: EMAIL, stop_sequence: EMAIL }, EMAIL],
  [CHAT, 'another member', { ...message([{ type: 'text', text: 'x' }]), context_management: { note: EMAIL } }, EMAIL],
  [MESSAGES, 'a text', completion({ content: MAIL }), EMAIL],
  [
    MESSAGES,
    'parts',
    completion({
      content: [
        { type: 'text', text: 'mail ann.lee@exam' },
        { type: 'text', text: 'ple.com' },
      ],
    }),
    'ann.lee@exam',
  ],
  [MESSAGES, 'thoughts', completion({ reasoning: MAIL }), EMAIL],
  [MESSAGES, 'a refusal', completion({ refusal: MAIL }), EMAIL],
  [MESSAGES, 'a text and a refusal', completion({ content: MAIL, refusal: MAIL }), EMAIL],
  [MESSAGES, 'a call', completion({ tool_calls: call('f', `{"m":"${EMAIL}"}`) }), EMAIL],
  [MESSAGES, 'a call with a key twice', completion({ tool_calls: call('f', `{"m":"x","m":"${EMAIL}"}`) }), EMAIL],
  [MESSAGES, 'a call that is denied', completion({ tool_calls: call('send_mail', '{}') }), 'send_mail'],
  [MESSAGES, 'a sequence', completion({}, { stop_reason: EMAIL }), EMAIL],
  [MESSAGES, 'annotations', completion({ annotations: [{ url_citation: { url: MAIL } }] }), EMAIL],
  [MESSAGES, 'an id', { ...completion({}), id: EMAIL }, EMAIL],
  [RESPONSES, 'a text', completion({ content: MAIL }), EMAIL],
  [RESPONSES, 'thoughts', completion({ reasoning_content: MAIL }), EMAIL],
  [
    RESPONSES,
    'a citation',
    completion({ annotations: [{ url_citation: { url: `https://example.com/?m=${EMAIL}`, title: MAIL } }] }),
    EMAIL,
  ],
  [RESPONSES, 'a call that is denied', completion({ tool_calls: call('send_mail', '{}') }), 'send_mail'],
  [RESPONSES, 'a model', { ...completion({}), model: KEY }, KEY],
];
