import { CordonError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';

/** Why: it comes back in a header, and headers are 32 KiB together. */
const MOST_CHARACTERS = 8_192;
const MOST_SERVERS = 1_000;
const TEXT = /^[A-Za-z0-9_-]{1,8192}$/;

/** Where clients go on: in the stream of one server, or in that of all. */
export interface EventPlace {
  /** Undefined: the stream for messages of all servers. */
  readonly server: string | undefined;
  /** The last event of each server. */
  readonly ids: Readonly<Record<string, string>>;
}

/** An id of an event that tells which event of which servers came last; undefined where it would be too long. */
export function eventId({ server, ids }: EventPlace): string | undefined {
  return written(server === undefined ? { all: ids } : { one: server, all: ids });
}

/** Throws `request.invalid` for what is no id of an event. */
export function readEventId(text: string): EventPlace {
  const { one, all } = read(text, 'last-event-id is not one');
  return { server: typeof one === 'string' ? one : undefined, ids: texts(all, 'last-event-id is not one') };
}

/** Where the lists of the servers go on that have more. */
export function listCursor(cursors: Readonly<Record<string, string>>): string | undefined {
  return written({ all: cursors });
}

/** The cursor of each server. Throws `request.invalid`. */
export function readCursor(text: string): Readonly<Record<string, string>> {
  return texts(read(text, 'the cursor is not one').all, 'the cursor is not one');
}

function written(value: JsonObject): string | undefined {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url');
  return text.length > MOST_CHARACTERS ? undefined : text;
}

function read(text: string, why: string): JsonObject {
  try {
    const value: unknown = TEXT.test(text) ? JSON.parse(Buffer.from(text, 'base64url').toString()) : undefined;
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new CordonError('request.invalid', why);
}

function texts(value: unknown, why: string): Readonly<Record<string, string>> {
  const entries = isObject(value) ? Object.entries(value) : [];
  const isGood =
    isObject(value) &&
    entries.length <= MOST_SERVERS &&
    entries.every(([, text]) => typeof text === 'string' && /^[\x20-\x7e]{1,4096}$/.test(text));
  if (!isGood) throw new CordonError('request.invalid', why);
  return value as Record<string, string>;
}
