import type { Channel } from '../../../core/text.ts';
import { callEvent, documentEvent, fieldsOf, listOf, resultEvent, textOf, type ToolEvent } from './tool-event.ts';

const CHANNEL: Readonly<Record<string, Channel>> = { system: 'system', user: 'user', assistant: 'assistant' };

/** What one message of the Anthropic protocol says. The system prompt is given as `{role: 'system', content}`. */
export function anthropicEvents(message: unknown): ToolEvent[] {
  const { role, content } = fieldsOf(message);
  const channel: Channel = (typeof role === 'string' && Object.hasOwn(CHANNEL, role) ? CHANNEL[role] : undefined) ?? 'document';
  if (typeof content === 'string') return [{ type: 'message', channel, text: content }];
  return listOf(content).flatMap((block) => blockEvents(block, channel));
}

function blockEvents(block: unknown, channel: Channel): ToolEvent[] {
  const { type, text, id, name, input, server_name, tool_use_id, content } = fieldsOf(block);
  if (type === 'text') return [{ type: 'message', channel, text: textOf(text) }];
  if (type === 'thinking' || type === 'redacted_thinking') return [];
  if (type === 'tool_use' || type === 'server_tool_use') return [callEvent(id, name, input)];
  if (type === 'mcp_tool_use') return [callEvent(id, name, input, server_name)];
  if (typeof type === 'string' && type.endsWith('tool_result')) return [resultEvent(tool_use_id, content)];
  return [documentEvent(`${textOf(type) || 'unknown'} in a message`, block)];
}
