import type { Channel } from '../../core/text.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readContent } from '../places/chat-content.ts';
import { Places } from '../places/places.ts';

/** Members whose values are made by programs for programs: another value would break the protocol, and no model reads them. */
const OPAQUE = ['progressToken', 'cursor', 'nextCursor', 'protocolVersion', 'requestId', 'taskId'] as const;
const OPAQUE_VALUE = /^[\w.:/+=@~-]{1,1024}$/;

/** Collects every text of the params or the result of a message, but for the members in `read`. */
export function readTexts(places: Places, holder: JsonObject, channel: Channel, source: string, read: readonly string[] = []): void {
  const done = new Set<string>([...read, ...OPAQUE.filter((key) => isOpaque(holder[key]))]);
  for (const key of ['_meta', 'task']) {
    const inner = holder[key];
    if (!isObject(inner) || done.has(key)) continue;
    done.add(key);
    places.others(inner, new Set(OPAQUE.filter((name) => isOpaque(inner[name]))), channel, source);
  }
  if (Array.isArray(holder.content) && !done.has('content')) {
    done.add('content');
    readContent(places, holder, 'content', channel, source);
  }
  places.others(holder, done, channel, source);
}

/** {@link readTexts} into places of their own. */
export function textsOf(holder: JsonObject, channel: Channel, source: string, read: readonly string[] = []): Places {
  const places = new Places();
  readTexts(places, holder, channel, source, read);
  return places;
}

function isOpaque(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && OPAQUE_VALUE.test(value));
}
