import type { Channel, Segment } from '../../core/text.ts';
import { numberText, renameField } from '../../formats/exact-json/exact-numbers.ts';
import { writeJson } from '../../formats/exact-json/write-json.ts';
import { MAX_DEPTH, readJson } from '../json/read-json.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { inlineBytes } from './inline-bytes.ts';

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

/**
 * Words of protocols, such as `tool_use`, `image/png` or `gpt-4o-2024-08-06`. Why few digits: numbers of cards and people have more. Why so
 * short: whole sentences can be written with underscores.
 */
const WORD = /^(?!(?:\D*\d){11})[a-z][a-z0-9_.:/+-]{0,26}$/;
/** Below the fields of a protocol stands what an application or a model has thought of: letters only. */
const LETTERS = /^[a-z][a-z_./+-]{0,26}$/;
/** Ids as providers make them. Why by their beginnings: a secret has letters like theirs. */
const ID =
  /^(?:[\w.-]{1,4}|[a-zA-Z][\w.-]{0,8}|(?:call|toolu|srvtoolu|mcptoolu|chatcmpl|cmpl|msg|resp|rs|fc|ws|ig|ci|cu|item|audio|file|batch|fp|modr|req|gen|id)[_-][\w-]{1,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** Keys whose values are such words, in every protocol. */
const WORDS: ReadonlySet<string> = new Set([
  'detail',
  'effort',
  'encoding_format',
  'finish_reason',
  'mode',
  'model',
  'object',
  'role',
  'service_tier',
  'status',
  'stop_reason',
  'type',
]);
const IDS: ReadonlySet<string> = new Set(['call_id', 'id', 'item_id', 'system_fingerprint', 'tool_call_id', 'tool_use_id']);
/** Why so short: long ones may be secrets, which have no other sign than their letters, or sentences. Why few digits: as for words. */
const PLAIN_KEY = /^(?!(?:\D*\d){6})[\w.$-]{1,15}$|^[a-z_]{1,27}$/;
/** Why: numbers of cards have twelve digits and more. */
const LEAST_NUMBER = 1e11;

/** Collects the texts of a message. What it is not told about is collected as well: nothing passes unread because it is new. */
export class Places {
  readonly list: Place[] = [];
  readonly groups: TextGroup[] = [];
  /** Images, recordings and files that are no text. */
  unread = 0;

  /** The string `holder[key]`, if it is one; anything else is not read. */
  text(holder: JsonObject | unknown[], key: string | number, channel: Channel, source?: string): Place | undefined {
    const value = (holder as JsonObject)[key];
    if (typeof value !== 'string' || value === '') return undefined;
    const set = (text: string): void => {
      (holder as JsonObject)[key] = text;
    };
    const text = unescaped(value);
    const place: Place = { segment: source === undefined ? { text, channel } : { text, channel, source }, holder, key, set };
    this.list.push(place);
    return place;
  }

  /** A string that holds JSON, such as the arguments of a tool call: its texts, decoded. Text that is no JSON is read as it is. */
  encoded(holder: JsonObject, key: string, channel: Channel, source?: string): void {
    const value = holder[key];
    if (typeof value !== 'string') return this.rest(holder, key, channel, source, 1);
    if (value === '') return;
    const parsed = parsedWithoutDoubt(value);
    if (parsed === undefined) {
      this.#add(unescaped(value), channel, source, (text) => {
        holder[key] = text;
      });
      return;
    }
    const own = new Places();
    own.rest({ parsed }, 'parsed', channel, source, 1);
    const changed = writtenWhenRead(holder, key, parsed);
    for (const { segment, set } of own.list) {
      this.list.push({
        segment,
        set(text) {
          set(text);
          changed();
        },
      });
    }
  }

  /** Every text below `holder[key]`, names of fields included. `depth` is more than 0 where an application or a model named the fields. */
  rest(holder: JsonObject | unknown[], key: string | number, channel: Channel, source?: string, depth = 0): void {
    const value = (holder as JsonObject)[key];
    if (typeof value === 'string') {
      if (typeof key === 'string' && isInert(key, value, depth)) return;
      this.#string(holder, key, value, channel, source);
    } else if (typeof value === 'number') {
      if (Math.abs(value) >= LEAST_NUMBER) this.#number(holder as JsonObject, key, value, channel, source);
    } else if (Array.isArray(value)) {
      if (depth < MAX_DEPTH) for (let index = 0; index < value.length; index++) this.rest(value, index, channel, source, depth + 1);
    } else if (isObject(value) && depth < MAX_DEPTH) {
      for (const field of Object.keys(value)) {
        this.rest(value, field, channel, source, depth + 1);
        if (!PLAIN_KEY.test(field)) this.#fieldName(value, field, channel, source);
      }
    }
  }

  /** Every field of an object but the ones already read. */
  others(holder: JsonObject, read: ReadonlySet<string>, channel: Channel, source?: string): void {
    for (const key of Object.keys(holder)) {
      if (read.has(key)) continue;
      this.rest(holder, key, channel, source);
      if (!PLAIN_KEY.test(key)) this.#fieldName(holder, key, channel, source);
    }
  }

  /** A string, and the text of the bytes that it may hold. */
  #string(holder: JsonObject | unknown[], key: string | number, value: string, channel: Channel, source: string | undefined): void {
    const { isUnread, isText, within } = inlineBytes(holder, key, value);
    if (isUnread) this.unread++;
    if (isText) this.text(holder, key, channel, source);
    // Why behind the letters: what is replaced in the bytes counts.
    if (within !== undefined)
      this.#add(within.text, channel, source, (text) => {
        (holder as JsonObject)[key] = within.write(text);
      });
  }

  /** A number, as it is written. */
  #number(holder: JsonObject, key: string | number, value: number, channel: Channel, source: string | undefined): void {
    this.#add(Number.isSafeInteger(value) ? String(value) : numberText(holder, key), channel, source, (text) => {
      holder[key] = text;
    });
  }

  /** Called behind what is below the field. Why: what is replaced there is replaced under the name that it came with. */
  #fieldName(holder: JsonObject, field: string, channel: Channel, source: string | undefined): void {
    this.#add(field, channel, source, (text) => renameField(holder, field, text));
  }

  #add(text: string, channel: Channel, source: string | undefined, set: (text: string) => void): Place {
    const place: Place = { segment: source === undefined ? { text, channel } : { text, channel, source }, set };
    this.list.push(place);
    return place;
  }
}

/** Whether a value is one of the protocol's own. `depth` 0: a field of the protocol; more: below one. */
function isInert(key: string, value: string, depth: number): boolean {
  if (WORDS.has(key)) return (depth === 0 ? WORD : LETTERS).test(value);
  return depth === 0 && IDS.has(key) && ID.test(value);
}

/** JSON that every reader reads alike; undefined for anything else. */
function parsedWithoutDoubt(text: string): object | undefined {
  const { value } = readJson(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Why: escapes would hide text from every detector, in JSON that is broken as in JSON that is not. */
function unescaped(text: string): string {
  return text.includes('\\u')
    ? text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}

/**
 * Keeps `holder[key]` the JSON of what it holds, and returns what is to be called after a change of that. Why written only when it is read:
 * each of thousands of texts may be replaced, and all of it would be written again for each.
 */
function writtenWhenRead(holder: JsonObject, key: string, parsed: object): () => void {
  let written: unknown;
  let isOld = false;
  const get = (): unknown => {
    if (isOld) written = writeJson(parsed);
    isOld = false;
    return written;
  };
  const set = (value: unknown): void => {
    written = value;
    isOld = false;
  };
  let isWatched = false;
  return () => {
    if (!isWatched) Object.defineProperty(holder, key, { get, set, enumerable: true, configurable: true });
    isWatched = true;
    isOld = true;
  };
}
