import { CordonError } from '../../../core/errors.ts';
import type { Target } from '../../../engine/gateway/upstreams/upstreams.ts';
import { writeJson } from '../../../formats/exact-json/write-json.ts';
import type { JsonObject } from '../../json/parse-object.ts';
import { chatBody } from '../chat-body.ts';
import { messageError } from '../chat-to-messages/error.ts';
import { messageToCompletion } from '../chat-to-messages/reply.ts';
import { chatToMessages } from '../chat-to-messages/request.ts';
import { MessageEventsToChunks } from '../chat-to-messages/stream.ts';
import { errorMessage } from '../error-message.ts';
import type { StreamTranslation, Translate } from '../translation.ts';
import { responsesToChat } from './request.ts';
import { completionToResponse } from './reply.ts';
import { ChunksToResponseEvents } from './stream.ts';

/** Requests for responses to targets that know chat completions only, and by way of those to targets that speak as Anthropic does. */
export const responsesAsChat: Translate = (body, { maxOutputTokens, targets }) => {
  const request = responsesToChat(body);
  const messages = asMessages(request, maxOutputTokens);
  if (messages instanceof CordonError && targets.every(isAnthropic)) throw messages;
  return {
    path: (target) => (!isAnthropic(target) ? '/chat/completions' : messages instanceof CordonError ? undefined : '/messages'),
    body(target) {
      if (!isAnthropic(target)) return chatBody(request, target);
      if (messages instanceof CordonError) throw messages;
      return Buffer.from(writeJson({ ...messages, model: target.model }));
    },
    reply: (answer, target) => completionToResponse(body, isAnthropic(target) ? messageToCompletion(answer) : answer),
    error: (status, answer, target) => (isAnthropic(target) ? messageError(status, answer) : chatError(status, answer)),
    stream: (target) => (isAnthropic(target) ? new ByWayOfChat(body) : new ChunksToResponseEvents(body)),
  };
};

function isAnthropic({ protocol }: Target): boolean {
  return protocol === 'anthropic';
}

/** Names of fields in a chat, and how the client calls them. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^max_completion_tokens\b/, 'max_output_tokens'],
  [/^reasoning_effort\b/, 'reasoning.effort'],
  [/^response_format\b\S*/, 'text.format'],
  [/^messages\b\S*/, 'input'],
  [/^verbosity\b/, 'text.verbosity'],
  [/^(tools\[\d+\])\.function/, '$1'],
];

/** The chat as a message; or why it is none, in the client's words. */
function asMessages(request: JsonObject, maxOutputTokens: number): JsonObject | CordonError {
  try {
    const { stream_options: _, ...chat } = request;
    return chatToMessages(chat, maxOutputTokens);
  } catch (error) {
    if (!(error instanceof CordonError) || error.code !== 'request.invalid') throw error;
    const [form, name] = NAMES.find(([one]) => one.test(error.message)) ?? [];
    return form === undefined ? error : new CordonError(error.code, error.message.replace(form, name ?? ''));
  }
}

/** Errors of chat have the shape already; whatever else a server says is put into it. */
function chatError(status: number, body: JsonObject): JsonObject {
  if (typeof body.error === 'object' && body.error !== null) return body;
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message: errorMessage(status, body), type, param: null, code: null } };
}

/** The events of a message as those of a response. */
class ByWayOfChat implements StreamTranslation {
  readonly #first = new MessageEventsToChunks(true);
  readonly #second: ChunksToResponseEvents;

  constructor(request: JsonObject) {
    this.#second = new ChunksToResponseEvents(request);
  }

  push(chunk: Buffer): Buffer {
    return this.#second.push(this.#first.push(chunk));
  }

  end(): Buffer {
    return Buffer.concat([this.#second.push(this.#first.end()), this.#second.end()]);
  }
}
