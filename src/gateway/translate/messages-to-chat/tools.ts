import type { JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, object, only, text } from '../checked.ts';

/** `eager_input_streaming` is about when pieces arrive: calls are guarded whole. */
const TOOL = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control', 'eager_input_streaming']);
const CHOICE = new Set(['type', 'name', 'disable_parallel_tool_use']);

/** The tools of a request, and which of them are to be called. */
export function chatTools({ tools, tool_choice }: JsonObject): JsonObject {
  const offered = list(tools, 'tools').map((tool, index) => declaration(tool, `tools[${index}]`));
  const choice = isAbsent(tool_choice) ? undefined : object(tool_choice, 'tool_choice');
  if (choice !== undefined) only(choice, CHOICE, 'tool_choice.');
  return compact({
    tools: offered.length === 0 ? undefined : offered,
    tool_choice: choice === undefined || offered.length === 0 ? undefined : choiceOf(choice),
    parallel_tool_calls: choice?.disable_parallel_tool_use === true && offered.length > 0 ? false : undefined,
  });
}

function declaration(tool: JsonObject, at: string): JsonObject {
  if (!isAbsent(tool.type) && tool.type !== 'custom') throw cannot(at, 'tools that run at a provider have no counterpart there');
  only(tool, TOOL, `${at}.`);
  const declared = compact({
    name: text(tool.name, `${at}.name`),
    description: isAbsent(tool.description) ? undefined : text(tool.description, `${at}.description`),
    parameters: object(tool.input_schema, `${at}.input_schema`),
    strict: tool.strict === true ? true : undefined,
  });
  return { type: 'function', function: declared };
}

function choiceOf({ type, name }: JsonObject): unknown {
  if (type === 'auto' || type === 'none') return type;
  if (type === 'any') return 'required';
  if (type === 'tool') return { type: 'function', function: { name: text(name, 'tool_choice.name') } };
  throw cannot('tool_choice');
}
