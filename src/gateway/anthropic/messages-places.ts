import type { Channel } from '../../core/text.ts';
import { CordonError } from '../../core/errors.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readContent, readDocument } from '../places/chat-content.ts';
import { type Place, Places } from '../places/places.ts';

const READ_OF_REQUEST: ReadonlySet<string> = new Set(['messages', 'system', 'tools']);
const READ_OF_MESSAGE: ReadonlySet<string> = new Set(['content']);
const READ_OF_CALL: ReadonlySet<string> = new Set(['input']);
const SEALED = /^[A-Za-z0-9+/_=-]*$/;
const CALLS: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

/** Every text of a messages request. Throws `request.invalid` for one without messages. */
export function messagesRequestPlaces(body: JsonObject): Places {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw new CordonError('request.invalid', 'messages must be a list that is not empty');
  const places = new Places();
  const toolNames = new Map<unknown, string>();
  readContent(places, body, 'system', 'system');
  for (const message of messages as unknown[]) {
    if (!isObject(message)) throw new CordonError('request.invalid', 'every message must be an object');
    const channel =
      message.role === 'assistant' ? 'assistant' : message.role === 'user' ? 'user' : message.role === 'system' ? 'system' : 'document';
    readBlocks(places, message, channel, toolNames);
    places.others(message, READ_OF_MESSAGE, channel);
  }
  places.rest(body, 'tools', 'tool-description');
  places.others(body, READ_OF_REQUEST, 'user');
  return places;
}

/** The content of a message: a string, or blocks of text, thinking, calls, results and documents. */
export function readBlocks(places: Places, message: JsonObject, channel: Channel, toolNames: Map<unknown, string>): void {
  const { content } = message;
  if (!Array.isArray(content)) return places.rest(message, 'content', channel);
  const list = content as unknown[];
  const texts = new Map<Place, unknown>();
  const thoughts = new Map<Place, unknown>();
  for (const [index, block] of list.entries()) {
    if (!isObject(block)) {
      places.rest(list, index, channel);
      continue;
    }
    const place = readBlock(places, block, channel, toolNames);
    if (place !== undefined) (place.segment.channel === 'reasoning' ? thoughts : texts).set(place, block);
  }
  for (const group of [texts, thoughts]) {
    if (group.size < 2) continue;
    places.groups.push({
      places: [...group.keys()],
      remove(place) {
        const at = list.indexOf(group.get(place));
        if (at >= 0) list.splice(at, 1);
      },
    });
  }
}

function readBlock(places: Places, block: JsonObject, channel: Channel, toolNames: Map<unknown, string>): Place | undefined {
  const type = string(block.type);
  if (type === 'text' && typeof block.text === 'string') {
    const place = places.text(block, 'text', channel);
    places.others(block, new Set(['text']), channel);
    return place;
  }
  if (CALLS.has(type)) {
    toolNames.set(block.id, string(block.name));
    places.others(block, READ_OF_CALL, 'tool-arguments');
    // Why deeper: its fields have names that an application has thought of.
    places.rest(block, 'input', 'tool-arguments', undefined, 1);
  } else if (type.endsWith('tool_result')) {
    readContent(places, block, 'content', 'tool-result', toolNames.get(block.tool_use_id));
    places.others(block, READ_OF_MESSAGE, 'tool-result');
  } else if (type === 'thinking' || type === 'redacted_thinking') {
    // Why not all: `signature` and `data` are sealed by the provider, and it refuses them changed.
    const read = new Set(['signature', 'data'].filter((key) => isSealed(block[key])));
    if (typeof block.thinking !== 'string') places.others(block, read, 'reasoning');
    else {
      const place = places.text(block, 'thinking', 'reasoning');
      places.others(block, read.add('thinking'), 'reasoning');
      return place;
    }
  } else readDocument(places, block, type === 'document' || type === 'search_result' ? 'document' : channel);
  return undefined;
}

/** Whether a value has the letters of what a provider sealed. Text has spaces, or signs that these letters lack. */
export function isSealed(value: unknown): boolean {
  return typeof value === 'string' && SEALED.test(value);
}

/** The names of the tools of a request. */
export function offeredTools(body: JsonObject): readonly string[] {
  return objectsOf(body.tools).map((tool) => string(tool.name) || string(tool.type));
}
