import type { Channel, Segment } from '../../core/text.ts';
import { keysInText, keysInValue } from '../json/count-keys.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';

/** A text in a message, and how another one is put in its place. */
export interface Place {
  segment: Segment;
  /** Where it stands; not for texts inside of encoded ones. */
  readonly holder?: object;
  readonly key?: string | number;
  readonly set: (text: string) => void;
}

/** Texts that a reader sees as one: the parts of a message, in order. */
export interface TextGroup {
  readonly places: readonly Place[];
  /** Takes a text that has become empty because it moved into the one before. */
  readonly remove: (place: Place) => void;
}

/** Names and numbers of protocols: too short and too plain to say anything. */
const IDENTIFIER = /^[\w.:/+-]{1,64}$/;
/** Keys whose values are such names, in every protocol. */
const INERT: ReadonlySet<string> = new Set([
  'call_id',
  'detail',
  'effort',
  'encoding_format',
  'finish_reason',
  'id',
  'item_id',
  'mode',
  'model',
  'object',
  'role',
  'service_tier',
  'status',
  'stop_reason',
  'system_fingerprint',
  'tool_call_id',
  'tool_use_id',
  'type',
]);
/** Why so short: long ones may be secrets, which have no other sign than their letters. */
const PLAIN_KEY = /^[\w.$-]{1,15}$|^[a-z_]{1,64}$/;
const BINARY_URL = /^data:(?:image|audio|video)\/[\w.+-]+;base64,/;
const MAX_DEPTH = 64;

/** Collects the texts of a message. What it is not told about is collected as well: nothing passes unread because it is new. */
export class Places {
  readonly list: Place[] = [];
  readonly groups: TextGroup[] = [];
  /** Images, recordings and files that are no text. */
  unread = 0;

  /** The string `holder[key]`, if it is one. */
  text(holder: JsonObject | unknown[], key: string | number, channel: Channel, source?: string): Place | undefined {
    const value = (holder as JsonObject)[key];
    if (typeof value !== 'string' || value === '') return undefined;
    const set = (text: string): void => {
      (holder as JsonObject)[key] = text;
    };
    const place: Place = { segment: source === undefined ? { text: value, channel } : { text: value, channel, source }, holder, key, set };
    this.list.push(place);
    return place;
  }

  /** A string that holds JSON, such as the arguments of a tool call: its texts, decoded. Text that is no JSON is read as it is. */
  encoded(holder: JsonObject, key: string, channel: Channel, source?: string): void {
    const value = holder[key];
    if (typeof value !== 'string' || value === '') return;
    const parsed = parsedWithoutDoubt(value);
    if (parsed === undefined) {
      this.#add(unescaped(value), channel, source, (text) => {
        holder[key] = text;
      });
      return;
    }
    const own = new Places();
    own.rest({ parsed }, 'parsed', channel, source);
    for (const { segment, set } of own.list) {
      this.list.push({
        segment,
        set(text) {
          set(text);
          holder[key] = JSON.stringify(parsed);
        },
      });
    }
  }

  /** Every text below `holder[key]`, names of fields included. */
  rest(holder: JsonObject | unknown[], key: string | number, channel: Channel, source?: string, depth = 0): void {
    const value = (holder as JsonObject)[key];
    if (typeof value === 'string') {
      if (typeof key === 'string' && INERT.has(key) && IDENTIFIER.test(value)) return;
      if (BINARY_URL.test(value) || isBinary(holder as JsonObject, key, value)) this.unread++;
      else this.text(holder, key, channel, source);
    } else if (Array.isArray(value)) {
      if (depth < MAX_DEPTH) for (let index = 0; index < value.length; index++) this.rest(value, index, channel, source, depth + 1);
    } else if (isObject(value) && depth < MAX_DEPTH) {
      for (const field of Object.keys(value)) {
        if (!PLAIN_KEY.test(field)) this.#fieldName(value, field, channel, source);
        this.rest(value, field, channel, source, depth + 1);
      }
    }
  }

  /** Every field of an object but the ones already read. */
  others(holder: JsonObject, read: ReadonlySet<string>, channel: Channel, source?: string): void {
    for (const key of Object.keys(holder)) {
      if (read.has(key)) continue;
      if (!PLAIN_KEY.test(key)) this.#fieldName(holder, key, channel, source);
      this.rest(holder, key, channel, source);
    }
  }

  #fieldName(holder: JsonObject, field: string, channel: Channel, source: string | undefined): void {
    this.#add(field, channel, source, (text) => {
      const value = holder[field];
      delete holder[field];
      holder[text] = value;
    });
  }

  #add(text: string, channel: Channel, source: string | undefined, set: (text: string) => void): Place {
    const place: Place = { segment: source === undefined ? { text, channel } : { text, channel, source }, set };
    this.list.push(place);
    return place;
  }
}

const BINARY_TYPE = /^(?:image|audio|video)\/|^application\/pdf$|^(?:wav|mp3|flac|opus|aac|pcm16)$/;

/** Whether a field holds an image, a recording or a PDF, as what stands beside it says. Why that is believed: a model reads it so too. */
function isBinary(holder: JsonObject, key: string | number, value: string): boolean {
  if (key !== 'data' && key !== 'b64_json' && key !== 'blob') return false;
  const type = holder.media_type ?? holder.format ?? holder.mime_type ?? holder.mimeType;
  return typeof type === 'string' && BINARY_TYPE.test(type) && /^[A-Za-z0-9+/=_-]*$/.test(value);
}

/** JSON that every reader reads alike; undefined for anything else. */
function parsedWithoutDoubt(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const { keys, tooDeep } = keysInValue(value, MAX_DEPTH);
    return typeof value === 'object' && value !== null && !tooDeep && keysInText(text) === keys ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Why: escapes would hide text from every detector, in JSON that is broken as in JSON that is not. */
function unescaped(text: string): string {
  return text.includes('\\u')
    ? text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}
