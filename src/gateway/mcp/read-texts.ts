import type { Channel } from '../../core/text.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { readContent } from '../places/chat-content.ts';
import { type Place, Places } from '../places/places.ts';

/** Members whose values are made by programs for programs: another value would break the protocol, and no model reads them. */
const OPAQUE = ['progressToken', 'cursor', 'nextCursor', 'protocolVersion', 'requestId', 'taskId'] as const;
/** Why few digits, and not such beginnings: what may be the number of a card, an address or a secret is read as any other text. */
const OPAQUE_VALUE = /^(?!(?:\D*\d){11})(?!AKIA|ASIA|sk-|gh[a-z]_|xox)[\w.:/+=~-]{1,256}$/;

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
  const before = places.list.length;
  places.others(holder, done, channel, source);
  if (Array.isArray(holder.contents)) joinContents(places, places.list.slice(before), holder.contents as unknown[]);
}

/** The texts of the contents of a resource are also read as one: clients put them behind one another. */
function joinContents(places: Places, own: readonly Place[], contents: unknown[]): void {
  const texts = own.filter(({ holder, key }) => key === 'text' && contents.includes(holder));
  if (texts.length < 2) return;
  places.groups.push({
    places: texts,
    remove({ holder }) {
      const at = contents.indexOf(holder);
      if (at >= 0) contents.splice(at, 1);
    },
  });
}

/** {@link readTexts} into places of their own. */
export function textsOf(holder: JsonObject, channel: Channel, source: string, read: readonly string[] = []): Places {
  const places = new Places();
  readTexts(places, holder, channel, source, read);
  return places;
}

function isOpaque(value: unknown): boolean {
  return (typeof value === 'number' && Math.abs(value) < 1e11) || (typeof value === 'string' && OPAQUE_VALUE.test(value));
}
