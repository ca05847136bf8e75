import type { Channel } from '../../../core/text.ts';
import type { ToolCall } from '../tool-call.ts';

/** What happens in a conversation, whatever the protocol. */
export type ToolEvent =
  | { readonly type: 'message'; readonly channel: Channel; readonly text: string; readonly source?: string }
  | { readonly type: 'call'; readonly call: ToolCall }
  | { readonly type: 'result'; readonly callId?: string; readonly tool?: string; readonly server?: string; readonly text: string }
  | { readonly type: 'tools'; readonly server: string; readonly tools: readonly unknown[] };

export type Fields = Readonly<Record<string, unknown>>;

/** An object as fields, anything else as none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A list, anything else as an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Text of a field that should be text; other JSON as JSON, so that nothing is lost. Never throws. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/**
 * A call as a protocol carries it. Why a name that is not text becomes an empty one: the call must reach the policy, which denies it,
 * and must not vanish here.
 */
export function callEvent(id: unknown, tool: unknown, given: unknown, server?: unknown): ToolEvent {
  const call: ToolCall = {
    ...(typeof id === 'string' || typeof id === 'number' ? { id: String(id) } : {}),
    tool: typeof tool === 'string' ? tool : '',
    ...(server === undefined ? {} : { server: typeof server === 'string' ? server : '' }),
    arguments: given,
  };
  return { type: 'call', call };
}

/** A result as a protocol carries it. */
export function resultEvent(id: unknown, content: unknown): ToolEvent {
  return { type: 'result', ...(typeof id === 'string' || typeof id === 'number' ? { callId: String(id) } : {}), text: textOf(content) };
}

/** Content that is not the words of whoever sent the message: files, images, search results. */
export function documentEvent(source: string, content: unknown): ToolEvent {
  return { type: 'message', channel: 'document', text: textOf(content), source };
}
