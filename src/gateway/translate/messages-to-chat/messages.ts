import { writeJson } from '../../../formats/exact-json/write-json.ts';
import type { JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, object, only, text, wrong } from '../checked.ts';
import { callId } from '../ids.ts';
import { blocksOf, partOf, textOf } from './content.ts';

const MESSAGE = new Set(['role', 'content']);
const RESULT = new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);
const CALL = new Set(['type', 'id', 'name', 'input', 'cache_control', 'caller']);
/** Sealed for Anthropic, and nothing that another model could read. */
const THOUGHTS: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking']);
/** What tells a model that its call failed, where no field does. */
const FAILED = 'Error: ';

/** A conversation of the Messages API as chat messages. */
export function chatMessages(system: unknown, messages: readonly JsonObject[]): JsonObject[] {
  const prompt = joined(system, 'system', '\n\n');
  const chat: JsonObject[] = prompt === '' ? [] : [{ role: 'system', content: prompt }];
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    only(message, MESSAGE, `${at}.`);
    if (message.role === 'user') chat.push(...userMessages(message, at));
    else if (message.role === 'assistant') chat.push(...assistantMessage(message, at));
    else if (message.role === 'system') chat.push({ role: 'system', content: joined(message.content, `${at}.content`, '\n\n') });
    else throw cannot(`${at}.role`, 'this role has no counterpart there');
  }
  if (messages.at(-1)?.role === 'assistant')
    throw cannot(`messages[${messages.length - 1}]`, 'an answer that was begun is not continued there');
  return chat;
}

/** Results of tools come first: they belong to the calls right before. */
function userMessages({ content }: JsonObject, at: string): JsonObject[] {
  const results: JsonObject[] = [];
  const parts: JsonObject[] = [];
  for (const [index, block] of blocksOf(content, `${at}.content`).entries()) {
    const where = `${at}.content[${index}]`;
    if (block.type === 'tool_result') results.push(toolMessage(block, where));
    else parts.push(partOf(block, where));
  }
  if (parts.length === 0) {
    if (results.length === 0) throw wrong(`${at}.content`, 'something: it is empty');
    return results;
  }
  const [first] = parts;
  return [...results, { role: 'user', content: parts.length === 1 && first!.type === 'text' ? first!.text : parts }];
}

function toolMessage(block: JsonObject, at: string): JsonObject {
  only(block, RESULT, `${at}.`);
  const said = joined(block.content, `${at}.content`, '\n');
  const content = block.is_error === true && !said.startsWith(FAILED) ? `${FAILED}${said}` : said;
  return { role: 'tool', tool_call_id: callId(text(block.tool_use_id, `${at}.tool_use_id`)), content };
}

function assistantMessage({ content }: JsonObject, at: string): JsonObject[] {
  let said = '';
  const calls: JsonObject[] = [];
  for (const [index, block] of blocksOf(content, `${at}.content`).entries()) {
    const where = `${at}.content[${index}]`;
    if (THOUGHTS.has(block.type)) continue;
    if (block.type === 'tool_use') calls.push(toolCall(block, where));
    else said += textOf(block, where);
  }
  if (said === '' && calls.length === 0) return [];
  return [compact({ role: 'assistant', content: said === '' ? null : said, tool_calls: calls.length === 0 ? undefined : calls })];
}

function toolCall(block: JsonObject, at: string): JsonObject {
  only(block, CALL, `${at}.`);
  const called = {
    name: text(block.name, `${at}.name`),
    arguments: writeJson(isAbsent(block.input) ? {} : object(block.input, `${at}.input`)),
  };
  return { id: callId(text(block.id, `${at}.id`)), type: 'function', function: called };
}

function joined(content: unknown, at: string, separator: string): string {
  return blocksOf(content, at)
    .map((block, index) => textOf(block, `${at}[${index}]`))
    .join(separator);
}
