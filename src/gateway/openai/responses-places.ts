import type { Channel } from '../../core/text.ts';
import { CordonError } from '../../core/errors.ts';
import type { ToolCall } from '../../policy/tools/tool-call.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readContent, readDocument, readTexts } from '../places/chat-content.ts';
import { Places, type TextGroup } from '../places/places.ts';
import { toolPlaces } from './chat-request.ts';

const ROLES: Readonly<Record<string, Channel>> = { system: 'system', developer: 'developer', user: 'user', assistant: 'assistant' };
const READ_OF_REQUEST: ReadonlySet<string> = new Set(['input', 'instructions', 'tools', 'text']);
const BASE64 = /^[A-Za-z0-9+/_=-]*$/;

/** Every text of a responses request. Throws `request.invalid` for one without input. */
export function responsesRequestPlaces(body: JsonObject): Places {
  const { input } = body;
  const isText = typeof input === 'string' || Array.isArray(input);
  if (!isText && !isObject(body.prompt)) throw new CordonError('request.invalid', 'input must be a text or a list');
  const places = new Places();
  places.rest(body, 'instructions', 'developer');
  if (Array.isArray(input)) readItems(places, input as unknown[], 'user');
  else places.rest(body, 'input', 'user');
  toolPlaces(places, body);
  places.rest(body, 'text', 'developer');
  places.others(body, READ_OF_REQUEST, 'user');
  return places;
}

/** Items of an input or output. `otherwise` is the channel of what is not known. */
export function readItems(places: Places, items: unknown[], otherwise: Channel): void {
  const names = new Map<unknown, string>();
  const said: TextGroup[] = [];
  for (const [index, item] of items.entries()) {
    if (!isObject(item)) places.rest(items, index, otherwise);
    else {
      const texts = readItem(places, item, otherwise, names);
      if (texts !== undefined && texts.places.length > 0) said.push(texts);
    }
  }
  // Why all of an answer, and in a request those of a message: the SDK puts the texts of all items of an answer together.
  const groups = otherwise === 'assistant' && said.length > 1 ? [together(said)] : said;
  for (const group of groups) if (group.places.length > 1) places.groups.push(group);
}

function together(groups: readonly TextGroup[]): TextGroup {
  return {
    places: groups.flatMap(({ places }) => places),
    remove(place) {
      for (const group of groups) if (group.places.includes(place)) group.remove(place);
    },
  };
}

/** Reads an item; returns the texts of a message. */
function readItem(places: Places, item: JsonObject, otherwise: Channel, names: Map<unknown, string>): TextGroup | undefined {
  const type = string(item.type);
  if (type === '' || type === 'message') {
    const channel =
      otherwise === 'assistant'
        ? 'assistant'
        : typeof item.role === 'string' && Object.hasOwn(ROLES, item.role)
          ? ROLES[item.role]!
          : 'document';
    const texts = readTexts(places, item, 'content', channel);
    places.others(item, new Set(['content']), channel);
    return texts;
  }
  if (type === 'reasoning') {
    const { encrypted_content } = item;
    // Why: sealed by the provider. What is not sealed text of it is read.
    const sealed = typeof encrypted_content === 'string' && BASE64.test(encrypted_content) ? ['encrypted_content'] : [];
    for (const key of ['summary', 'content']) readContent(places, item, key, 'reasoning');
    places.others(item, new Set([...sealed, 'summary', 'content']), 'reasoning');
  } else if (type.endsWith('_output')) {
    const source = names.get(item.call_id);
    readContent(places, item, 'output', 'tool-result', source);
    places.others(item, new Set(['output']), 'tool-result', source);
  } else if (type.endsWith('_call')) {
    names.set(item.call_id, string(item.name) || type);
    places.encoded(item, 'arguments', 'tool-arguments');
    for (const key of ['output', 'results']) places.rest(item, key, 'tool-result', string(item.name) || type);
    places.others(item, new Set(['arguments', 'output', 'results']), 'tool-arguments');
  } else if (type === 'mcp_list_tools') places.others(item, new Set(), 'tool-description');
  else readDocument(places, item, otherwise === 'user' ? 'document' : otherwise);
  return undefined;
}

/** Fields of a response that repeat the request. */
const REPEATED: ReadonlySet<string> = new Set([
  'output',
  'instructions',
  'metadata',
  'prompt',
  'reasoning',
  'text',
  'tool_choice',
  'tools',
  'user',
]);

/** Every text of a response that is not the client's own. */
export function responsePlaces(places: Places, response: JsonObject): void {
  if (Array.isArray(response.output)) readItems(places, response.output as unknown[], 'assistant');
  else places.rest(response, 'output', 'assistant');
  places.others(response, REPEATED, 'assistant');
}

/** Tool calls among items that whoever runs the application carries out. */
export function callsOf(items: unknown): readonly ToolCall[] {
  return objectsOf(items).flatMap((item) => {
    const type = string(item.type);
    if (!type.endsWith('_call') || type === 'reasoning') return [];
    const given = item.arguments ?? (item.input === undefined ? (item.action ?? {}) : { input: item.input });
    const id = string(item.call_id) || string(item.id);
    return [{ ...(id === '' ? {} : { id }), tool: string(item.name) || type, arguments: given === '' ? '{}' : given }];
  });
}
