import { writeJson } from '../../../formats/exact-json/write-json.ts';
import { randomUUID } from 'node:crypto';
import { CordonError } from '../../../core/errors.ts';
import { integer, objectsOf, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { callId } from '../ids.ts';
import { completionUsage } from './usage.ts';

/** Why an answer ended, in the words of chat. What is new ends as if nothing were wrong, which it is as far as is known. */
const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** The reason to finish for a reason to stop. */
export function finishReason(stop: unknown): string {
  return typeof stop === 'string' && Object.hasOwn(FINISH, stop) ? FINISH[stop]! : 'stop';
}

/** What stands at the head of a completion and of each of its chunks. */
export function envelope(message: JsonObject, type: 'chat.completion' | 'chat.completion.chunk'): JsonObject {
  const id = string(message.id) || `chatcmpl-${randomUUID()}`;
  return { id, object: type, created: Math.floor(Date.now() / 1_000), model: string(message.model) };
}

/** The error for blocks that nobody asked for, such as those of tools that run at the provider. */
export function unknownBlock(): CordonError {
  return new CordonError('upstream.failed', 'the model provider sent a block that has no counterpart in a chat');
}

/** A message as a chat completion. Throws `upstream.failed`. */
export function messageToCompletion(body: JsonObject): JsonObject {
  if (body.type !== 'message' || !Array.isArray(body.content))
    throw new CordonError('upstream.failed', 'the model provider sent an answer that is no message');
  let content = '';
  let reasoning = '';
  const calls: JsonObject[] = [];
  for (const block of objectsOf(body.content)) {
    if (block.type === 'text') content += string(block.text);
    else if (block.type === 'thinking') reasoning += string(block.thinking);
    else if (block.type === 'tool_use') calls.push(toolCall(block));
    else if (block.type !== 'redacted_thinking') throw unknownBlock();
  }
  const hasText = objectsOf(body.content).some(({ type }) => type === 'text');
  const message: JsonObject = { role: 'assistant', content: hasText ? content : null, refusal: null };
  if (reasoning !== '') message.reasoning_content = reasoning;
  if (calls.length > 0) message.tool_calls = calls;
  return {
    ...envelope(body, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(body.stop_reason) }],
    ...(isObject(body.usage) && integer(body.usage.input_tokens) !== undefined && { usage: completionUsage(body.usage) }),
  };
}

function toolCall({ id, name, input }: JsonObject): JsonObject {
  const called = { name: string(name), arguments: writeJson(isObject(input) ? input : {}) };
  return { id: callId(string(id)), type: 'function', function: called };
}
