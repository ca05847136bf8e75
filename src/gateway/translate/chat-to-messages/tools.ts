import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, object, only, text, wrong } from '../checked.ts';

const TOOL = new Set(['type', 'function', 'cache_control']);
const FUNCTION = new Set(['name', 'description', 'parameters', 'strict']);

/** The tools of a chat, and which of them are to be called. */
export function toolFields({ tools, tool_choice, parallel_tool_calls }: JsonObject): JsonObject {
  const offered = list(tools, 'tools').map((tool, index) => declaration(tool, `tools[${index}]`));
  const isSingle = parallel_tool_calls === false;
  if (offered.length === 0) {
    if (!isAbsent(tool_choice) && tool_choice !== 'none' && tool_choice !== 'auto')
      throw wrong('tool_choice', 'left out where there are no tools');
    return {};
  }
  const choice = isAbsent(tool_choice) ? (isSingle ? { type: 'auto' } : undefined) : choiceOf(tool_choice);
  const mayCall = choice !== undefined && choice.type !== 'none';
  return compact({ tools: offered, tool_choice: isSingle && mayCall ? { ...choice, disable_parallel_tool_use: true } : choice });
}

function declaration(tool: JsonObject, at: string): JsonObject {
  if (tool.type !== 'function') throw cannot(at, 'tools of this type have no counterpart there');
  only(tool, TOOL, `${at}.`);
  const declared = object(tool.function, `${at}.function`);
  only(declared, FUNCTION, `${at}.function.`);
  const schema = isAbsent(declared.parameters) ? {} : object(declared.parameters, `${at}.function.parameters`);
  return compact({
    name: text(declared.name, `${at}.function.name`),
    description: isAbsent(declared.description) ? undefined : text(declared.description, `${at}.function.description`),
    // Why: it must say what it is there, and a function without parameters says nothing.
    input_schema:
      schema.type === undefined ? { type: 'object', ...(schema.properties === undefined && { properties: {} }), ...schema } : schema,
    strict: declared.strict === true ? true : undefined,
  });
}

function choiceOf(choice: unknown): JsonObject {
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (choice === 'required') return { type: 'any' };
  if (isObject(choice) && choice.type === 'function')
    return { type: 'tool', name: text(object(choice.function, 'tool_choice.function').name, 'tool_choice.function.name') };
  throw cannot('tool_choice');
}
