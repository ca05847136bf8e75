import type { JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, only, text, wrong } from '../checked.ts';
import { chatContent, textOf } from './content.ts';

const MESSAGE = new Set(['type', 'role', 'content', 'id', 'status', 'phase']);
const CALL = new Set(['type', 'id', 'call_id', 'name', 'arguments', 'status']);
const RESULT = new Set(['type', 'id', 'call_id', 'output', 'status']);
const CALL_ID = 64;

/** The input of a response as chat messages, its instructions first. Thoughts of earlier answers are left out: they are sealed or told. */
export function chatMessages(instructions: unknown, input: unknown): JsonObject[] {
  const chat: JsonObject[] = isAbsent(instructions) ? [] : [{ role: 'system', content: text(instructions, 'instructions') }];
  if (typeof input === 'string') chat.push({ role: 'user', content: input });
  else for (const [index, item] of list(input, 'input').entries()) addItem(chat, item, `input[${index}]`);
  if (!chat.some(({ role }) => role !== 'system')) throw wrong('input', 'more than instructions');
  return chat;
}

function addItem(chat: JsonObject[], item: JsonObject, at: string): void {
  const { type } = item;
  if (isAbsent(type) || type === 'message') chat.push(messageOf(item, at));
  else if (type === 'function_call') addCall(chat, item, at);
  else if (type === 'function_call_output') {
    only(item, RESULT, `${at}.`);
    chat.push({ role: 'tool', tool_call_id: callIdOf(item, at), content: textOf(item.output, `${at}.output`, '\n') });
  } else if (type !== 'reasoning') throw cannot(at, 'items of this type have no counterpart there');
}

function messageOf(item: JsonObject, at: string): JsonObject {
  only(item, MESSAGE, `${at}.`);
  const { role, content } = item;
  if (role === 'user') return { role, content: chatContent(content, `${at}.content`) };
  if (role === 'assistant') return { role, content: textOf(content, `${at}.content`, '') };
  // Why one name for both: many servers of chat know no other.
  if (role === 'system' || role === 'developer') return { role: 'system', content: textOf(content, `${at}.content`, '\n\n') };
  throw cannot(`${at}.role`, 'this role has no counterpart there');
}

/** Calls belong to the message of the model before them. */
function addCall(chat: JsonObject[], item: JsonObject, at: string): void {
  only(item, CALL, `${at}.`);
  const called = { name: text(item.name, `${at}.name`), arguments: text(item.arguments, `${at}.arguments`) };
  const call = { id: callIdOf(item, at), type: 'function', function: called };
  const last = chat.at(-1);
  if (last?.role === 'assistant') last.tool_calls = [...((last.tool_calls as JsonObject[] | undefined) ?? []), call];
  else chat.push(compact({ role: 'assistant', content: null, tool_calls: [call] }));
}

function callIdOf({ call_id }: JsonObject, at: string): string {
  const id = text(call_id, `${at}.call_id`);
  if (id === '' || id.length > CALL_ID) throw wrong(`${at}.call_id`, `1 to ${CALL_ID} characters`);
  return id;
}
