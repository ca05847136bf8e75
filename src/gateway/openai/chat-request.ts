import type { Channel } from '../../core/text.ts';
import { CordonError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readContent } from '../places/chat-content.ts';
import { Places } from '../places/places.ts';

const CHANNELS: Readonly<Record<string, Channel>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool-result',
  function: 'tool-result',
};
const READ_OF_REQUEST: ReadonlySet<string> = new Set(['messages', 'tools', 'functions', 'response_format']);
const READ_OF_MESSAGE: ReadonlySet<string> = new Set(['content', 'tool_calls', 'function_call', 'reasoning_content', 'reasoning']);

/** Every text of a chat completions request. Throws `request.invalid` for one without messages. */
export function chatRequestPlaces(body: JsonObject): Places {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw new CordonError('request.invalid', 'messages must be a list that is not empty');
  const places = new Places();
  const toolNames = new Map<unknown, string>();
  for (const message of messages as unknown[]) {
    if (!isObject(message)) throw new CordonError('request.invalid', 'every message must be an object');
    readMessage(places, message, toolNames);
  }
  toolPlaces(places, body);
  places.rest(body, 'response_format', 'developer');
  places.others(body, READ_OF_REQUEST, 'user');
  return places;
}

/** What tools say of themselves: anybody may have written it. */
export function toolPlaces(places: Places, body: JsonObject): void {
  for (const key of ['tools', 'functions']) places.rest(body, key, 'tool-description');
}

/** A message as in requests and replies. */
export function readMessage(places: Places, message: JsonObject, toolNames: Map<unknown, string>, as?: Channel): void {
  const channel =
    as ?? (typeof message.role === 'string' && Object.hasOwn(CHANNELS, message.role) ? CHANNELS[message.role] : undefined) ?? 'document';
  readContent(places, message, 'content', channel, channel === 'tool-result' ? toolNames.get(message.tool_call_id) : undefined);
  for (const key of ['reasoning_content', 'reasoning']) places.rest(message, key, 'reasoning');
  const { tool_calls: calls } = message;
  if (!Array.isArray(calls)) places.rest(message, 'tool_calls', 'tool-arguments', undefined, 1);
  else {
    for (const [at, call] of (calls as unknown[]).entries()) {
      if (isObject(call)) readToolCall(places, call, toolNames);
      else places.rest(calls as unknown[], at, 'tool-arguments', undefined, 1);
    }
  }
  if (isObject(message.function_call)) readCalled(places, message.function_call);
  else places.rest(message, 'function_call', 'tool-arguments', undefined, 1);
  places.others(message, READ_OF_MESSAGE, channel);
}

function readToolCall(places: Places, call: JsonObject, toolNames: Map<unknown, string>): void {
  if (isObject(call.function)) {
    if (typeof call.function.name === 'string') toolNames.set(call.id, call.function.name);
    readCalled(places, call.function);
  } else places.rest(call, 'function', 'tool-arguments', undefined, 1);
  places.others(call, new Set(['function']), 'tool-arguments');
}

function readCalled(places: Places, called: JsonObject): void {
  places.encoded(called, 'arguments', 'tool-arguments');
  places.others(called, new Set(['arguments']), 'tool-arguments');
}
