import { CordonError } from '../../core/errors.ts';
import { openAiEvents } from '../../policy/tools/adapters/openai.ts';
import { integer, objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Protocol, RequestView } from '../protocol.ts';
import { chatAsMessages } from '../translate/chat-to-messages/translate.ts';
import { blockChat, chatReply, stripLogprobs } from './chat-reply.ts';
import { chatRequestPlaces } from './chat-request.ts';
import { ChatStream } from './chat-stream.ts';

/** `POST /v1/chat/completions`. */
export const chat: Protocol = {
  family: 'openai',
  path: '/chat/completions',
  request: chatRequest,
  reply: chatReply,
  stream: () => new ChatStream(),
  block: blockChat,
  strip: stripLogprobs,
  translate: chatAsMessages,
};

function chatRequest(body: JsonObject): RequestView {
  return {
    model: string(body.model),
    stream: body.stream === true,
    places: chatRequestPlaces(body),
    choices: countOf(body, 'n') ?? 1,
    maxOutputTokens: mostTokens(body),
    tools: [...objectsOf(body.tools).map(toolName), ...objectsOf(body.functions).map(({ name }) => string(name))],
    events: objectsOf(body.messages).flatMap((message) => openAiEvents(message)),
  };
}

/** Why the larger one: some servers know only the older of the two names, and what is reserved must be enough. */
function mostTokens(body: JsonObject): number | undefined {
  const limits = [countOf(body, 'max_completion_tokens'), countOf(body, 'max_tokens')].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.max(...limits);
}

/** A number of at least 1. Why anything else is refused: servers that read "5" as 5 would do more than was reserved. */
function countOf(body: JsonObject, key: string): number | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const count = integer(value, 1);
  if (count === undefined) throw new CordonError('request.invalid', `${key} must be a number of at least 1`);
  return count;
}

/** The name of a tool as chat and responses declare it; hosted tools are called by their type. */
export function toolName(tool: JsonObject): string {
  const declared = isObject(tool.function) ? tool.function : isObject(tool.custom) ? tool.custom : tool;
  return string(declared.name) || string(tool.type);
}
