import { randomUUID } from 'node:crypto';
import { CordonError } from '../../../core/errors.ts';
import { objectsOf, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { argumentsOf } from '../checked.ts';
import { callId } from '../ids.ts';
import { messageUsage, NO_USAGE } from './usage.ts';

/** Why an answer ended. */
export interface Stop {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
}

/** A tool call of a completion, whole. */
export interface Called {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** The head of a message. */
export function messageHead({ id, model }: JsonObject): JsonObject {
  return { id: string(id) || `msg_${randomUUID()}`, type: 'message', role: 'assistant', model: string(model) };
}

/** The reason to stop for that of a choice. Some servers say which stop sequence it was, in a field of their own. */
export function stopOf(choice: JsonObject, { hasCalls, isRefused }: { readonly hasCalls: boolean; readonly isRefused: boolean }): Stop {
  const { finish_reason: finish, stop_reason: sequence } = choice;
  const plain = (stop_reason: string): Stop => ({ stop_reason, stop_sequence: null });
  if (finish === 'length') return plain('max_tokens');
  if (finish === 'content_filter' || isRefused) return plain('refusal');
  // Why also after another reason: with a forced tool OpenAI finishes by `stop`.
  if (finish === 'tool_calls' || hasCalls) return plain(hasCalls ? 'tool_use' : 'end_turn');
  return typeof sequence === 'string' && sequence !== '' ? { stop_reason: 'stop_sequence', stop_sequence: sequence } : plain('end_turn');
}

/** Blocks of the tool calls. A call that was cut off with the answer is left out. Throws `upstream.failed` for one that is none. */
export function toolBlocks(calls: readonly Called[], finish: unknown): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const { id, name, arguments: json } of calls) {
    const input = argumentsOf(json);
    if (input !== undefined && name !== '') blocks.push({ type: 'tool_use', id: callId(id || `call_${randomUUID()}`), name, input });
    else if (finish !== 'length') throw new CordonError('upstream.failed', 'the model provider sent a tool call that is none');
  }
  return blocks;
}

/** The reasoning of a message or delta: the two names that servers have for it. */
export function reasoningOf({ reasoning_content, reasoning }: JsonObject): string {
  return string(reasoning_content) || string(reasoning);
}

/** A chat completion as a message. Throws `upstream.failed`. */
export function completionToMessage(body: JsonObject): JsonObject {
  const [choice] = objectsOf(body.choices);
  if (choice === undefined || !isObject(choice.message))
    throw new CordonError('upstream.failed', 'the model provider sent an answer that is no completion');
  const { message } = choice;
  const content: JsonObject[] = [];
  const thinking = reasoningOf(message);
  if (thinking !== '') content.push({ type: 'thinking', thinking, signature: '' });
  const refusal = string(message.refusal);
  for (const said of [spoken(message.content), refusal]) if (said !== '') content.push({ type: 'text', text: said, citations: null });
  const calls = toolBlocks(objectsOf(message.tool_calls).map(calledOf), choice.finish_reason);
  return {
    ...messageHead(body),
    content: [...content, ...calls],
    ...stopOf(choice, { hasCalls: calls.length > 0, isRefused: refusal !== '' }),
    usage: messageUsage(body.usage) ?? NO_USAGE,
  };
}

function calledOf(call: JsonObject): Called {
  const called = isObject(call.function) ? call.function : {};
  return { id: string(call.id), name: string(called.name), arguments: string(called.arguments) };
}

/** Text of a content that is a string or, with some servers, a list of parts. */
function spoken(content: unknown): string {
  return typeof content === 'string'
    ? content
    : objectsOf(content)
        .map(({ text }) => string(text))
        .join('');
}
