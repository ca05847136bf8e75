import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, object, only, text, wrong } from '../checked.ts';

const TOOL = new Set(['type', 'name', 'description', 'parameters', 'strict']);
const CHOICE = new Set(['type', 'name']);

/** The tools of a response, and which of them are to be called. */
export function toolFields({ tools, tool_choice, parallel_tool_calls }: JsonObject): JsonObject {
  const offered = list(tools, 'tools').map((tool, index) => declaration(tool, `tools[${index}]`));
  if (offered.length === 0) {
    if (!isAbsent(tool_choice) && tool_choice !== 'none' && tool_choice !== 'auto')
      throw wrong('tool_choice', 'left out where there are no tools');
    return {};
  }
  return compact({
    tools: offered,
    tool_choice: isAbsent(tool_choice) ? undefined : choiceOf(tool_choice),
    // Why not true: it is the default, and not every server knows the field.
    parallel_tool_calls: parallel_tool_calls === false ? false : undefined,
  });
}

function declaration(tool: JsonObject, at: string): JsonObject {
  if (tool.type !== 'function') throw cannot(at, 'only functions have a counterpart there, and no tools that run at a provider');
  only(tool, TOOL, `${at}.`);
  const declared = compact({
    name: text(tool.name, `${at}.name`),
    description: isAbsent(tool.description) ? undefined : text(tool.description, `${at}.description`),
    parameters: isAbsent(tool.parameters) ? undefined : object(tool.parameters, `${at}.parameters`),
    strict: tool.strict === true ? true : undefined,
  });
  return { type: 'function', function: declared };
}

function choiceOf(choice: unknown): unknown {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  if (!isObject(choice) || choice.type !== 'function') throw cannot('tool_choice');
  only(choice, CHOICE, 'tool_choice.');
  return { type: 'function', function: { name: text(choice.name, 'tool_choice.name') } };
}
