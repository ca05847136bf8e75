import type { Channel } from '../../../core/text.ts';
import { callEvent, documentEvent, fieldsOf, listOf, resultEvent, textOf, type ToolEvent } from './tool-event.ts';

const CHANNEL: Readonly<Record<string, Channel>> = { system: 'system', developer: 'developer', user: 'user', assistant: 'assistant' };
const TEXT_PARTS: ReadonlySet<unknown> = new Set(['text', 'input_text', 'output_text', 'refusal']);

/** What one message of the OpenAI chat protocol, or one item of the responses protocol, says. Parallel calls are one event each. */
export function openAiEvents(item: unknown): ToolEvent[] {
  const fields = fieldsOf(item);
  return typeof fields.type === 'string' && fields.type !== 'message' && fields.role === undefined
    ? responseItem(fields.type, fields)
    : chatMessage(fields);
}

function chatMessage({ role, content, tool_calls, function_call, tool_call_id, name }: ReturnType<typeof fieldsOf>): ToolEvent[] {
  if (role === 'tool') return [resultEvent(tool_call_id, content)];
  if (role === 'function') return [{ type: 'result', tool: textOf(name), text: textOf(content) }];
  const channel: Channel = (typeof role === 'string' && Object.hasOwn(CHANNEL, role) ? CHANNEL[role] : undefined) ?? 'document';
  const events: ToolEvent[] = [];
  if (typeof content === 'string') events.push({ type: 'message', channel, text: content });
  for (const part of listOf(content)) {
    const { type, text, refusal } = fieldsOf(part);
    if (TEXT_PARTS.has(type)) events.push({ type: 'message', channel, text: textOf(text ?? refusal) });
    else events.push(documentEvent(`${textOf(type) || 'unknown'} in a message`, part));
  }
  for (const call of listOf(tool_calls)) {
    const { id, function: called, custom } = fieldsOf(call);
    if (custom === undefined) events.push(callEvent(id, fieldsOf(called).name, fieldsOf(called).arguments));
    else events.push(callEvent(id, fieldsOf(custom).name, { input: fieldsOf(custom).input }));
  }
  if (function_call !== undefined && function_call !== null)
    events.push(callEvent(undefined, fieldsOf(function_call).name, fieldsOf(function_call).arguments));
  return events;
}

/** Items of calls that the provider runs itself (search, computer use, MCP) are calls as well, and what they carry back is untrusted. */
function responseItem(type: string, fields: ReturnType<typeof fieldsOf>): ToolEvent[] {
  const { call_id, id, name, arguments: given, input, output, server_label } = fields;
  if (type === 'reasoning') return [];
  if (type === 'function_call') return [callEvent(call_id, name, given)];
  if (type === 'custom_tool_call') return [callEvent(call_id, name, { input })];
  if (type === 'mcp_call')
    return [callEvent(id, name, given, server_label), ...(output === undefined || output === null ? [] : [resultEvent(id, output)])];
  if (type === 'mcp_list_tools') return [{ type: 'tools', server: textOf(server_label), tools: listOf(fields.tools).map(mcpShape) }];
  if (type.endsWith('_call_output')) return [resultEvent(call_id, output)];
  if (type.endsWith('_call')) {
    const { action, results } = fields;
    return [
      callEvent(call_id ?? id, type, action ?? {}),
      ...(results === undefined || results === null ? [] : [resultEvent(call_id ?? id, results)]),
    ];
  }
  return [documentEvent(type, fields)];
}

/** The responses protocol writes `input_schema` where MCP writes `inputSchema`; the digest must be the same. */
function mcpShape(tool: unknown): unknown {
  const { name, description, input_schema, annotations } = fieldsOf(tool);
  return { name, description, inputSchema: input_schema, ...(annotations === null ? {} : { annotations }) };
}
