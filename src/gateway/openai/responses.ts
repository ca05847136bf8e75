import { openAiEvents } from '../../policy/tools/adapters/openai.ts';
import { answersAsked, longestAnswer } from '../json/asked-for.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Protocol, ReplyView, RequestView } from '../protocol.ts';
import { madeInResponse } from '../stored/note-made.ts';
import { responsesAsChat } from '../translate/responses-to-chat/translate.ts';
import { toolName } from './chat.ts';
import { callsOf, responsePlaces, responsesRequestPlaces } from './responses-places.ts';
import { ResponsesStream } from './responses-stream.ts';
import { openAiUsage } from './usage.ts';

/** `POST /v1/responses`. */
export const responses: Protocol = {
  family: 'openai',
  path: '/responses',
  request: responsesRequest,
  reply: responsesReply,
  stream: () => new ResponsesStream(),
  block(body) {
    body.output = [];
    body.status = 'incomplete';
    body.incomplete_details = { reason: 'content_filter' };
  },
  strip: stripLogprobs,
  translate: responsesAsChat,
};

function responsesRequest(body: JsonObject): RequestView {
  const { input, instructions } = body;
  return {
    model: string(body.model),
    stream: body.stream === true,
    places: responsesRequestPlaces(body),
    choices: answersAsked(body),
    maxOutputTokens: longestAnswer(body),
    tools: objectsOf(body.tools).map(toolName),
    events: [
      ...(typeof instructions === 'string' ? openAiEvents({ role: 'developer', content: instructions }) : []),
      ...(typeof input === 'string'
        ? openAiEvents({ role: 'user', content: input })
        : objectsOf(input).flatMap((item) => openAiEvents(item))),
    ],
  };
}

function responsesReply(body: JsonObject): ReplyView {
  const places = new Places();
  responsePlaces(places, body);
  return {
    places,
    calls: callsOf(body.output).map((call) => ({ choice: 0, call })),
    usage: openAiUsage(body.usage, body.service_tier),
    made: madeInResponse(body),
  };
}

/** Log probabilities repeat every token, in parts of an answer and beside the pieces of a stream. */
function stripLogprobs(body: JsonObject): void {
  const walk = (value: unknown, depth: number): void => {
    if (depth > 8 || typeof value !== 'object' || value === null) return;
    if (isObject(value) && 'logprobs' in value) value.logprobs = [];
    for (const child of Object.values(value)) walk(child, depth + 1);
  };
  walk(body, 0);
}
