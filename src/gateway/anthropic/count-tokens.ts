import { Places } from '../places/places.ts';
import type { Protocol } from '../protocol.ts';
import { messages } from './messages.ts';

/** `POST /anthropic/v1/messages/count_tokens`: what is counted is seen by the provider, so it is guarded as what is asked. */
export const countTokens: Protocol = {
  ...messages,
  path: '/messages/count_tokens',
  // Why: chat has no such question.
  translate: undefined,
  request: (body) => ({ ...messages.request(body), stream: false, maxOutputTokens: 1 }),
  reply(body) {
    const places = new Places();
    places.others(body, new Set(), 'assistant');
    // Why nothing: counting is free.
    return { places, calls: [], usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, measured: true } };
  },
};
