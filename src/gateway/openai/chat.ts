import { openAiEvents } from '../../policy/tools/adapters/openai.ts';
import { answersAsked, longestAnswer } from '../json/asked-for.ts';
import { objectsOf, string } from '../json/fields.ts';
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
    choices: answersAsked(body),
    maxOutputTokens: longestAnswer(body),
    tools: [...objectsOf(body.tools).map(toolName), ...objectsOf(body.functions).map(({ name }) => string(name))],
    events: objectsOf(body.messages).flatMap((message) => openAiEvents(message)),
  };
}

/** The name of a tool as chat and responses declare it; hosted tools are called by their type. */
export function toolName(tool: JsonObject): string {
  const declared = isObject(tool.function) ? tool.function : isObject(tool.custom) ? tool.custom : tool;
  return string(declared.name) || string(tool.type);
}
