import { writeJson } from '../../../formats/exact-json/write-json.ts';
import type { UpstreamKind } from '../../../core/gateway-upstream-config.ts';
import type { Translate } from '../translation.ts';
import { completionError } from './error.ts';
import { completionToMessage } from './reply.ts';
import { messagesToChat } from './request.ts';
import { ChunksToMessageEvents } from './stream.ts';

/** Who knows the newer name of the limit, and refuses the older for some models. All others know the older one. */
const NEWER_LIMIT: ReadonlySet<UpstreamKind> = new Set<UpstreamKind>(['openai', 'azure-openai']);

/** Requests of the Messages API to providers that speak as OpenAI does. */
export const messagesAsChat: Translate = (body) => {
  const { max_completion_tokens: most, ...request } = messagesToChat(body);
  return {
    path: '/chat/completions',
    body: ({ model, kind }) =>
      Buffer.from(writeJson({ ...request, [NEWER_LIMIT.has(kind) ? 'max_completion_tokens' : 'max_tokens']: most, model })),
    reply: completionToMessage,
    error: completionError,
    stream: () => new ChunksToMessageEvents(),
  };
};
