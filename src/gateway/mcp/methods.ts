import type { Channel } from '../../core/text.ts';

/**
 * What clients may ask of servers, and how the answer is read. What is not listed is refused: nobody knows what it carries. Results of
 * `tools/list` are looked at tool by tool.
 */
export const CLIENT_REQUESTS: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  ['initialize', 'tool-description'],
  ['ping', 'tool-result'],
  ['tools/list', 'tool-description'],
  ['tools/call', 'tool-result'],
  ['resources/list', 'tool-description'],
  ['resources/templates/list', 'tool-description'],
  ['resources/read', 'document'],
  ['resources/subscribe', 'tool-result'],
  ['resources/unsubscribe', 'tool-result'],
  ['prompts/list', 'tool-description'],
  ['prompts/get', 'document'],
  ['completion/complete', 'tool-result'],
  ['logging/setLevel', 'tool-result'],
  ['tasks/get', 'tool-result'],
  ['tasks/list', 'tool-result'],
  ['tasks/cancel', 'tool-result'],
  ['tasks/result', 'tool-result'],
]);

/** Results that bring somebody else's words into the conversation, for the tool policy. */
export const TAINTING: ReadonlySet<string> = new Set(['resources/read', 'prompts/get', 'tasks/result', 'completion/complete']);

/** What clients may tell servers. */
export const CLIENT_NOTIFICATIONS: ReadonlySet<string> = new Set([
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/tasks/status',
]);

/** What servers may ask of clients, and what the answer of the client is. */
export const SERVER_REQUESTS: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  ['sampling/createMessage', 'assistant'],
  ['elicitation/create', 'user'],
  ['roots/list', 'user'],
  ['ping', 'assistant'],
]);

/** What servers may tell clients. */
export const SERVER_NOTIFICATIONS: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/progress',
  'notifications/message',
  'notifications/resources/updated',
  'notifications/resources/list_changed',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/elicitation/complete',
  'notifications/tasks/status',
]);
