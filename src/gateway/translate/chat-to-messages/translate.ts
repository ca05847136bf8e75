import { writeJson } from '../../../formats/exact-json/write-json.ts';
import { isObject } from '../../json/parse-object.ts';
import type { Translate } from '../translation.ts';
import { messageError } from './error.ts';
import { messageToCompletion } from './reply.ts';
import { chatToMessages } from './request.ts';
import { MessageEventsToChunks } from './stream.ts';

/** Requests for chat completions to providers that speak as Anthropic does. */
export const chatAsMessages: Translate = (body, { maxOutputTokens }) => {
  const request = chatToMessages(body, maxOutputTokens);
  const includeUsage = isObject(body.stream_options) && body.stream_options.include_usage === true;
  return {
    path: () => '/messages',
    body: ({ model }) => Buffer.from(writeJson({ ...request, model })),
    reply: messageToCompletion,
    error: messageError,
    stream: () => new MessageEventsToChunks(includeUsage),
  };
};
