import { isObject, type JsonObject } from './parse-object.ts';

const ADDRESS = /^[a-z][a-z0-9+.-]{0,15}:\/\//i;
const IDS: ReadonlySet<string> = new Set(['file_id', 'file_ids']);
/** Where images, recordings and documents stand by their address. */
const ADDRESSES: ReadonlySet<string> = new Set(['image_url', 'file_url', 'video_url', 'audio_url', 'url']);
/** Objects around `url` that are such: elsewhere it is the address of a page or a server. */
const HOLDERS: ReadonlySet<string> = new Set(['image_url', 'file_url', 'video_url', 'audio_url', 'source']);
/** Below these, fields are named by an application. */
const FOREIGN: ReadonlySet<string> = new Set(['parameters', 'input_schema', 'json_schema', 'schema', 'metadata', 'arguments']);

/** How many images, recordings and files a request names by address or id: their tokens are not in its bytes. */
export function filesNamed(body: JsonObject): number {
  let found = 0;
  const walk = (value: unknown, under: string): void => {
    if (Array.isArray(value)) for (const child of value) walk(child, under);
    else if (isObject(value)) for (const key in value) look(value[key], key, under);
  };
  const look = (value: unknown, key: string, under: string): void => {
    if (IDS.has(key)) found += Array.isArray(value) ? value.length : typeof value === 'string' ? 1 : 0;
    else if (typeof value === 'string') {
      if (ADDRESSES.has(key) && ADDRESS.test(value) && (key !== 'url' || HOLDERS.has(under))) found++;
    } else if (!FOREIGN.has(key)) walk(value, key);
  };
  walk(body, '');
  // Why: a template that is kept at the provider is text that the request does not show.
  if (isObject(body.prompt) && body.prompt.id !== undefined) found++;
  return found;
}
