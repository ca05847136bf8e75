import { anthropicEvents } from '../../policy/tools/adapters/anthropic.ts';
import { answersAsked, longestAnswer } from '../json/asked-for.ts';
import { objectsOf, string } from '../json/fields.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Protocol, ReplyView, RequestView } from '../protocol.ts';
import { messagesAsChat } from '../translate/messages-to-chat/translate.ts';
import { madeInMessage } from '../stored/note-made.ts';
import { messagesRequestPlaces, readBlocks, offeredTools } from './messages-places.ts';
import { MessagesStream } from './messages-stream.ts';
import { anthropicUsage } from './usage.ts';

const READ_OF_REPLY: ReadonlySet<string> = new Set(['content']);

/** `POST /anthropic/v1/messages`. */
export const messages: Protocol = {
  family: 'anthropic',
  path: '/messages',
  request: messagesRequest,
  reply: messagesReply,
  stream: () => new MessagesStream(),
  block(body) {
    body.content = [];
    body.stop_reason = 'refusal';
    body.stop_sequence = null;
  },
  strip: () => {},
  translate: messagesAsChat,
};

function messagesRequest(body: JsonObject): RequestView {
  return {
    model: string(body.model),
    stream: body.stream === true,
    places: messagesRequestPlaces(body),
    choices: answersAsked(body),
    maxOutputTokens: longestAnswer(body),
    tools: offeredTools(body),
    events: [
      ...(body.system === undefined ? [] : anthropicEvents({ role: 'system', content: body.system })),
      ...objectsOf(body.messages).flatMap((message) => anthropicEvents(message)),
    ],
  };
}

function messagesReply(body: JsonObject): ReplyView {
  const places = new Places();
  readBlocks(places, body, 'assistant', new Map());
  places.others(body, READ_OF_REPLY, 'assistant');
  const calls = objectsOf(body.content)
    .filter(({ type }) => string(type).endsWith('tool_use'))
    .map(({ id, name, input }) => ({ choice: 0, call: { id: string(id), tool: string(name), arguments: input } }));
  return { places, calls, usage: anthropicUsage(body.usage), made: madeInMessage(body) };
}
