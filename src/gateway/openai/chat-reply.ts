import { CordonError } from '../../core/errors.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Made, ReplyCall, ReplyView } from '../protocol.ts';
import { readMessage } from './chat-request.ts';
import { tokensOf } from './logprobs.ts';
import { openAiUsage } from './usage.ts';

const READ_OF_REPLY: ReadonlySet<string> = new Set(['choices']);
const READ_OF_CHOICE: ReadonlySet<string> = new Set(['logprobs']);
const READ_OF_MESSAGE: ReadonlySet<string> = new Set(['message', 'logprobs']);

/** Every text and tool call of a chat completion. */
export function chatReply(body: JsonObject): ReplyView {
  const places = new Places();
  const calls: ReplyCall[] = [];
  for (const [at, choice] of choicesOf(body).entries()) {
    const { message } = choice;
    if (isObject(message)) {
      // Why not what it says: an answer is the model's, whatever role it claims.
      readMessage(places, message, new Map(), 'assistant');
      calls.push(...callsOf(message).map((call) => ({ choice: at, call })));
    }
    readLogprobs(places, choice);
    places.others(choice, isObject(message) ? READ_OF_MESSAGE : READ_OF_CHOICE, 'assistant');
  }
  places.others(body, READ_OF_REPLY, 'assistant');
  return {
    places,
    calls,
    usage: openAiUsage(body.usage, body.service_tier),
    made: [{ kind: 'completion', id: string(body.id) }, ...audioOf(choicesOf(body).map(({ message }) => message))],
  };
}

/** Recordings in messages or pieces of them, which the provider keeps for a while under an id. */
export function audioOf(messages: readonly unknown[]): Made[] {
  return messages.flatMap((message) => {
    const id = isObject(message) && isObject(message.audio) ? message.audio.id : undefined;
    return typeof id === 'string' && id !== '' ? [{ kind: 'audio', id }] : [];
  });
}

/** The choices of an answer. Throws `upstream.failed` for what is no list of them: it would pass unread. */
export function choicesOf({ choices }: JsonObject): readonly JsonObject[] {
  const found = objectsOf(choices);
  if (choices !== undefined && choices !== null && (!Array.isArray(choices) || found.length < choices.length))
    throw new CordonError('upstream.failed', 'the model provider sent choices that are none');
  return found;
}

/** The tokens of log probabilities as texts; where one of them is replaced, all of them go. */
export function readLogprobs(places: Places, choice: JsonObject): void {
  for (const text of tokensOf(choice.logprobs).values())
    places.list.push({ segment: { text, channel: 'assistant' }, set: () => (choice.logprobs = null) });
}

/** The tool calls of a message. */
function callsOf({ tool_calls, function_call }: JsonObject): readonly ReplyCall['call'][] {
  const calls = objectsOf(tool_calls).map((call) => {
    // Why refused and not read: every client takes another of the two.
    if (isObject(call.function) && isObject(call.custom))
      throw new CordonError('upstream.failed', 'the model provider sent a call of two tools');
    const called = isObject(call.function) ? call.function : isObject(call.custom) ? call.custom : {};
    const id = typeof call.id === 'string' ? { id: call.id } : {};
    return { ...id, tool: string(called.name), arguments: called.arguments ?? { input: called.input } };
  });
  return isObject(function_call) ? [...calls, { tool: string(function_call.name), arguments: function_call.arguments }] : calls;
}

/** Empties the answers that the guard refuses, in the way in which a provider's own filter does. */
export function blockChat(body: JsonObject, choices: ReadonlySet<number> | undefined): void {
  for (const [at, choice] of objectsOf(body.choices).entries()) {
    if (choices !== undefined && !choices.has(at)) continue;
    choice.message = { role: 'assistant', content: null, refusal: 'The answer was withheld by policy.' };
    choice.finish_reason = 'content_filter';
    choice.logprobs = null;
  }
}

/** Log probabilities repeat every token of the answer. */
export function stripLogprobs(body: JsonObject): void {
  for (const choice of objectsOf(body.choices)) if ('logprobs' in choice) choice.logprobs = null;
}
