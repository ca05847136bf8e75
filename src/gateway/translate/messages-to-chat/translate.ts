import { chatBody } from '../chat-body.ts';
import type { Translate } from '../translation.ts';
import { completionError } from './error.ts';
import { completionToMessage } from './reply.ts';
import { messagesToChat } from './request.ts';
import { ChunksToMessageEvents } from './stream.ts';

/** Requests of the Messages API to providers that speak as OpenAI does. */
export const messagesAsChat: Translate = (body) => {
  const request = messagesToChat(body);
  return {
    path: () => '/chat/completions',
    body: (target) => chatBody(request, target),
    reply: completionToMessage,
    error: completionError,
    stream: () => new ChunksToMessageEvents(),
  };
};
