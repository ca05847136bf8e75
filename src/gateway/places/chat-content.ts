import type { Channel } from '../../core/text.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Place, Places, TextGroup } from './places.ts';

/** Parts of a message that are the words of whoever sent it. */
const TEXT_PARTS: ReadonlySet<unknown> = new Set(['text', 'input_text', 'output_text', 'refusal', 'summary_text', 'reasoning_text']);
const CONTENT: ReadonlySet<string> = new Set(['content']);
/** Parts that carry somebody else's words. */
const DOCUMENT_PARTS: ReadonlySet<unknown> = new Set(['file', 'input_file', 'document', 'search_result', 'web_search_tool_result']);

/** The content of a message: a string, or a list of parts. Neighbouring texts are also read as one. */
export function readContent(places: Places, holder: JsonObject, key: string, channel: Channel, source?: string): void {
  const group = readTexts(places, holder, key, channel, source);
  if (group !== undefined && group.places.length > 1) places.groups.push(group);
}

/** {@link readContent} for whoever says what is read as one; the texts of the parts, undefined where it is no list. */
export function readTexts(places: Places, holder: JsonObject, key: string, channel: Channel, source?: string): TextGroup | undefined {
  const content = holder[key];
  if (!Array.isArray(content)) {
    places.rest(holder, key, channel, source);
    return undefined;
  }
  const list = content as unknown[];
  const texts: Place[] = [];
  const parts = new Map<Place, unknown>();
  for (let index = 0; index < list.length; index++) {
    const part = list[index];
    const isText = typeof part === 'string';
    if (!isText && !isObject(part)) places.rest(list, index, channel, source);
    const place = isText ? places.text(list, index, channel, source) : isObject(part) ? readPart(places, part, channel, source) : undefined;
    if (place === undefined) continue;
    texts.push(place);
    parts.set(place, part);
  }
  return {
    places: texts,
    remove(place) {
      const at = list.indexOf(parts.get(place));
      if (at >= 0) list.splice(at, 1);
    },
  };
}

/** A document or a result of a search: its own content, or that of its source, is read as the content of a message is. */
export function readDocument(places: Places, part: JsonObject, channel: Channel, source?: string): void {
  const read = new Set<string>();
  if (Array.isArray(part.content)) {
    readContent(places, part, 'content', channel, source);
    read.add('content');
  }
  if (isObject(part.source) && Array.isArray(part.source.content)) {
    readContent(places, part.source, 'content', channel, source);
    places.others(part.source, CONTENT, channel, source);
    read.add('source');
  }
  places.others(part, read, channel, source);
}

/** Reads a part; returns the place of its text if it is one of text. */
function readPart(places: Places, part: JsonObject, channel: Channel, source: string | undefined): Place | undefined {
  const from = DOCUMENT_PARTS.has(part.type) ? 'document' : channel;
  const key = TEXT_PARTS.has(part.type) ? (typeof part.text === 'string' ? 'text' : 'refusal') : undefined;
  if (key === undefined || typeof part[key] !== 'string') {
    readDocument(places, part, from, source);
    return undefined;
  }
  const place = places.text(part, key, from, source);
  places.others(part, new Set([key]), from, source);
  return place;
}
