import type { Channel, Segment } from '../../core/text.ts';

/** A message as the common APIs write it; what is not known is kept and not looked at. */
export interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly [key: string]: unknown;
}

/** A conversation: messages in order, and the tools that the model is told of. */
export interface Conversation {
  readonly messages: readonly Message[];
  readonly tools?: readonly unknown[];
}

/** A text of a conversation: where it comes from, and where it stands. */
interface Place {
  readonly segment: Segment;
  readonly path: readonly (string | number)[];
}

const ROLES: Readonly<Record<string, Channel>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  tool: 'tool-result',
  function: 'tool-result',
  document: 'document',
};
/** Why: what nests deeper is not a message of any API; it is read as data, not walked. */
const MAX_DEPTH = 12;
const MAX_TEXTS = 10_000;

/** Every text of a conversation with its channel: messages, parts, tool calls, tool results, descriptions of tools. */
export function textsOf({ messages, tools }: Conversation): readonly Place[] {
  const places: Place[] = [];
  for (const [index, message] of messages.entries()) {
    if (typeof message !== 'object' || message === null) continue;
    const channel = ROLES[String(message.role).toLowerCase()] ?? 'document';
    content(message.content, channel, ['messages', index, 'content'], places, 0);
    for (const key of ['reasoning', 'reasoning_content']) {
      if (typeof message[key] === 'string') add(message[key], 'reasoning', ['messages', index, key], places);
    }
    if (typeof message.refusal === 'string') add(message.refusal, 'assistant', ['messages', index, 'refusal'], places);
    const calls = message.tool_calls;
    if (Array.isArray(calls)) {
      for (const [call, value] of calls.entries()) strings(value, 'tool-arguments', ['messages', index, 'tool_calls', call], places, 0);
    }
  }
  for (const [index, tool] of (Array.isArray(tools) ? (tools as readonly unknown[]) : []).entries())
    strings(tool, 'tool-description', ['tools', index], places, 0);
  return places;
}

/** A copy of the conversation with other texts in the same places. */
export function withTexts<T extends Conversation>(conversation: T, texts: readonly string[]): T {
  const copy = structuredClone({ messages: conversation.messages, tools: conversation.tools }) as { messages: unknown; tools?: unknown };
  for (const [index, { path }] of textsOf(conversation).entries()) {
    let target = copy as unknown as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) target = target[key] as Record<string | number, unknown>;
    target[path.at(-1)!] = texts[index];
  }
  return { ...conversation, messages: copy.messages, ...(conversation.tools === undefined ? {} : { tools: copy.tools }) };
}

/** A string, or the parts of OpenAI and Anthropic messages. */
function content(value: unknown, channel: Channel, path: readonly (string | number)[], places: Place[], depth: number): void {
  if (typeof value === 'string') add(value, channel, path, places);
  else if (Array.isArray(value) && depth < MAX_DEPTH) {
    for (const [index, part] of value.entries()) content(part, channel, [...path, index], places, depth + 1);
  } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    const part = value as Record<string, unknown>;
    const type = String(part.type);
    if (type === 'tool_result' || type === 'tool-result') {
      for (const key of ['content', 'output', 'result'])
        if (key in part) strings(part[key], 'tool-result', [...path, key], places, depth + 1);
    } else if (type === 'tool_use' || type === 'tool-call') {
      for (const key of ['input', 'args']) if (key in part) strings(part[key], 'tool-arguments', [...path, key], places, depth + 1);
    } else if (type === 'document' || type === 'file' || type === 'search_result') {
      for (const key of ['source', 'content', 'title', 'context', 'text', 'file'])
        if (key in part) strings(part[key], 'document', [...path, key], places, depth + 1);
    } else if (type === 'thinking' || type === 'reasoning') {
      for (const key of ['thinking', 'text', 'reasoning'])
        if (typeof part[key] === 'string') add(part[key], 'reasoning', [...path, key], places);
    } else {
      for (const key of ['text', 'content', 'refusal', 'input_text'])
        if (key in part) content(part[key], channel, [...path, key], places, depth + 1);
    }
  }
}

/** Every string below a value, whatever its key. */
function strings(value: unknown, channel: Channel, path: readonly (string | number)[], places: Place[], depth: number): void {
  if (typeof value === 'string') add(value, channel, path, places);
  else if (typeof value !== 'object' || value === null) return;
  else if (depth >= MAX_DEPTH) return;
  else
    for (const [key, child] of Object.entries(value))
      strings(child, channel, [...path, Array.isArray(value) ? Number(key) : key], places, depth + 1);
}

function add(text: string, channel: Channel, path: readonly (string | number)[], places: Place[]): void {
  if (text !== '' && places.length < MAX_TEXTS) places.push({ segment: { text, channel }, path });
}
