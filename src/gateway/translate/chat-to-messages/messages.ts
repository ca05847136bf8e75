import type { JsonObject } from '../../json/parse-object.ts';
import { argumentsOf, cannot, isAbsent, list, object, only, text, wrong } from '../checked.ts';
import { callId } from '../ids.ts';
import { contentBlocks, shortest, textBlocks } from './content.ts';

/** What clients repeat of an answer and no model is told again. `reasoning*` is not signed, so Anthropic would refuse it. */
const ECHOED = ['annotations', 'parsed', 'reasoning', 'reasoning_content'];
const PLAIN = new Set(['role', 'content', 'cache_control']);
const ASSISTANT = new Set(['role', 'content', 'refusal', 'tool_calls', 'cache_control', ...ECHOED]);
const RESULT = new Set(['role', 'content', 'tool_call_id', 'cache_control']);
const CALL = new Set(['id', 'type', 'index', 'function']);
const CALLED = new Set(['name', 'arguments', 'parsed_arguments']);

/** The conversation of a chat as Anthropic takes it: the system prompt beside the messages, results of tools in those of the user. */
export function conversation(messages: readonly JsonObject[]): { readonly system: readonly JsonObject[]; readonly messages: JsonObject[] } {
  const system: JsonObject[] = [];
  const turns: JsonObject[] = [];
  /** Blocks of the user message that results of tools are collected in. Why one: all results of a turn belong into the next message. */
  let results: JsonObject[] | undefined;
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    const { role } = message;
    if (role === 'tool') {
      if (results === undefined) turns.push({ role: 'user', content: (results = []) });
      results.push(toolResult(message, at));
    } else if (role === 'user') {
      only(message, PLAIN, `${at}.`);
      const blocks = contentBlocks(message.content, `${at}.content`);
      if (blocks.length === 0) throw wrong(`${at}.content`, 'something: it is empty');
      if (results === undefined) turns.push({ role, content: shortest(blocks) });
      else results.push(...blocks);
      results = undefined;
    } else if (role === 'assistant') {
      const blocks = assistantBlocks(message, at);
      if (blocks.length > 0) turns.push({ role, content: shortest(blocks) });
      results = undefined;
    } else if (role === 'system' || role === 'developer') {
      only(message, PLAIN, `${at}.`);
      const blocks = textBlocks(message.content, `${at}.content`);
      if (turns.length === 0) system.push(...blocks);
      else if (blocks.length > 0) turns.push({ role: 'system', content: shortest(blocks) });
      results = undefined;
    } else throw cannot(`${at}.role`, 'this role has no counterpart there');
  }
  if (turns.length === 0) throw wrong('messages', 'more than a system prompt for the provider of this model');
  return { system, messages: turns };
}

function toolResult(message: JsonObject, at: string): JsonObject {
  only(message, RESULT, `${at}.`);
  const blocks = contentBlocks(message.content, `${at}.content`);
  const tool_use_id = callId(text(message.tool_call_id, `${at}.tool_call_id`));
  return { type: 'tool_result', tool_use_id, ...(blocks.length > 0 && { content: shortest(blocks) }) };
}

function assistantBlocks(message: JsonObject, at: string): JsonObject[] {
  only(message, ASSISTANT, `${at}.`);
  const refusal = isAbsent(message.refusal) ? '' : text(message.refusal, `${at}.refusal`);
  return [
    ...textBlocks(message.content, `${at}.content`),
    ...contentBlocks(refusal, `${at}.refusal`),
    ...list(message.tool_calls, `${at}.tool_calls`).map((call, index) => toolUse(call, `${at}.tool_calls[${index}]`)),
  ];
}

function toolUse(call: JsonObject, at: string): JsonObject {
  only(call, CALL, `${at}.`);
  const called = object(call.function, `${at}.function`);
  only(called, CALLED, `${at}.function.`);
  const input = argumentsOf(text(called.arguments, `${at}.function.arguments`));
  if (input === undefined) throw cannot(`${at}.function.arguments`, 'it is no JSON object');
  return { type: 'tool_use', id: callId(text(call.id, `${at}.id`)), name: text(called.name, `${at}.function.name`), input };
}
