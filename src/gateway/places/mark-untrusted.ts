import { CordonError } from '../../core/errors.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { Places } from './places.ts';

/** Why: a request has not more documents than this, and each is looked for. */
const MOST_POINTERS = 100;

/**
 * Marks parts of a request as written by anybody, such as documents that an application put into a prompt. `header` holds JSON pointers
 * (RFC 6901) with commas between them: `/messages/1/content/0, /messages/2`. Throws `request.invalid` for one that points to nothing:
 * whoever sent it relies on it.
 */
export function markUntrusted(places: Places, body: JsonObject, header: string): void {
  const pointers = header.split(',').map((pointer) => pointer.trim());
  if (pointers.length > MOST_POINTERS)
    throw new CordonError('request.invalid', `x-cordon-untrusted has more than ${MOST_POINTERS} pointers`);
  for (const pointer of pointers) {
    const { holder, key } = find(body, pointer);
    const value = (holder as JsonObject)[key];
    const within = typeof value === 'object' && value !== null ? objectsBelow(value) : undefined;
    let marked = 0;
    for (const place of places.list) {
      const isMeant =
        within === undefined
          ? place.holder === holder && String(place.key) === key
          : place.holder !== undefined && within.has(place.holder);
      if (!isMeant) continue;
      marked++;
      place.segment = { ...place.segment, channel: 'document', source: pointer };
    }
    // Why: whoever sent it relies on it.
    if (marked === 0) throw new CordonError('request.invalid', 'x-cordon-untrusted points to something in which there is no text to mark');
  }
}

function find(body: JsonObject, pointer: string): { holder: object; key: string } {
  const keys = pointer.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let holder: unknown = body;
  for (const key of keys.slice(1, -1)) holder = isParent(holder, key) ? (holder as JsonObject)[key] : undefined;
  const key = keys.at(-1)!;
  if (keys[0] !== '' || keys.length < 2 || !isParent(holder, key))
    throw new CordonError('request.invalid', 'x-cordon-untrusted points to something that is not in the request');
  return { holder, key };
}

function isParent(holder: unknown, key: string): holder is object {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key);
}

function objectsBelow(value: object): ReadonlySet<object> {
  const all = new Set<object>();
  const walk = (node: object): void => {
    all.add(node);
    for (const child of Object.values(node) as unknown[]) if (typeof child === 'object' && child !== null) walk(child);
  };
  walk(value);
  return all;
}
