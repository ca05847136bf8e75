import type { Json } from '../../core/artifact.ts';
import { type JsonEvent, type JsonOptions, JsonReader } from './reader.ts';

/** One key that an object has more than once. */
export interface DuplicateKey {
  readonly key: string;
  /** Byte offset of the later one. */
  readonly offset: number;
}

/** A JSON text read whole. */
export interface JsonDocument {
  /** Objects have no prototype, so that a key named `constructor` or `__proto__` is only a key. Last duplicate wins. */
  readonly value: Json;
  /** In order of their offsets, at most 1,000. */
  readonly duplicates: readonly DuplicateKey[];
}

type Open = { readonly list: Json[] } | { readonly map: Record<string, Json>; key: string };

const MAX_DUPLICATES = 1_000;

/** Reads one strict JSON text into plain values, without recursion; throws `format.malformed` or `format.truncated`. */
export function parseJson(bytes: Uint8Array, options: JsonOptions = {}): JsonDocument {
  const reader = new JsonReader(bytes, options);
  const duplicates: DuplicateKey[] = [];
  const open: Open[] = [];
  let root: Json = null;
  const put = (value: Json): void => {
    const top = open.at(-1);
    if (top === undefined) root = value;
    else if ('list' in top) top.list.push(value);
    else top.map[top.key] = value;
  };
  for (let event = reader.next(); event !== 'end'; event = reader.next()) {
    const top = open.at(-1);
    if (event === 'key' && top !== undefined && 'map' in top) {
      if (reader.text in top.map && duplicates.length < MAX_DUPLICATES) duplicates.push({ key: reader.text, offset: reader.offset });
      top.key = reader.text;
    } else if (event === 'object') {
      const map = Object.create(null) as Record<string, Json>;
      put(map);
      open.push({ map, key: '' });
    } else if (event === 'array') {
      const list: Json[] = [];
      put(list);
      open.push({ list });
    } else if (event === 'object-end' || event === 'array-end') {
      open.pop();
    } else {
      put(scalar(event, reader.text));
    }
  }
  return { value: root, duplicates };
}

function scalar(event: JsonEvent, text: string): Json {
  if (event === 'string') return text;
  if (event === 'number') return Number(text);
  return event === 'null' ? null : event === 'true';
}
