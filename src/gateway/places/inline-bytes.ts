import type { JsonObject } from '../json/parse-object.ts';
import { beginsReadable, bytesOf, type ReadableBytes, readableBytes } from './readable-bytes.ts';

/** What stands in a string that may hold bytes. */
export interface InlineBytes {
  /** They are an image, a recording or a file that is no text. */
  readonly isUnread: boolean;
  /** The letters themselves are read as text, too. */
  readonly isText: boolean;
  /** The text that the bytes are, and how another one is written in its place. */
  readonly within?: { readonly text: string; readonly write: (text: string) => string };
}

/** Where models look for pictures, recordings and files; anywhere else they read letters. */
const HOLDS_URL = /url$|^(?:file_|image_)?data$|^(?:image|uri)$/i;
const HOLDS_BYTES = /^(?:data|b64_json|blob|file_data)$/;
const BINARY_TYPE = /^(?:image|audio|video)\/|^application\/pdf$|^(?:wav|mp3|flac|opus|aac|pcm16)$/;
const DATA_URL = /^data:[^,]{0,200},/i;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
/** Why: fewer letters are a word, and decode to anything. */
const LEAST_LETTERS = 16;
/** Why: what begins as something else than text is none, and pictures are long. A multiple of four letters. */
const PROBE_LETTERS = 1_024;

const TEXT: InlineBytes = { isUnread: false, isText: true };

/**
 * Looks at a string for bytes in it: an address that is its own content, or base64 where protocols have it. Why what they are, and not
 * what stands beside them: a text that is called a picture is a text for everybody who opens it.
 */
export function inlineBytes(holder: JsonObject | unknown[], key: string | number, value: string): InlineBytes {
  const head = value.startsWith('data:') || value.startsWith('DATA:') ? DATA_URL.exec(value)?.[0] : undefined;
  if (head !== undefined) return inUrl(typeof key === 'string' && HOLDS_URL.test(key), head, value.slice(head.length));
  if (typeof key !== 'string' || !HOLDS_BYTES.test(key)) return TEXT;
  const { media_type, format, mime_type, mimeType } = holder as JsonObject;
  const type = media_type ?? format ?? mime_type ?? mimeType;
  const isBinary = key === 'blob' || (typeof type === 'string' && BINARY_TYPE.test(type));
  return ofBase64(value, isBinary, (text) => text);
}

function inUrl(holdsUrl: boolean, head: string, body: string): InlineBytes {
  if (/;base64,$/i.test(head)) return ofBase64(body, holdsUrl, (text) => head + text);
  const text = percentDecoded(body);
  return text === undefined || text === body ? TEXT : { ...TEXT, within: { text, write: (other) => head + encodeURIComponent(other) } };
}

function ofBase64(letters: string, isBinary: boolean, around: (letters: string) => string): InlineBytes {
  // Why not only such letters: readers leave out what is none.
  const isPlain = BASE64.test(letters);
  const found = letters.length < LEAST_LETTERS ? undefined : readableLetters(letters);
  if (found === undefined) return isBinary && isPlain ? { isUnread: true, isText: false } : TEXT;
  const write = (text: string): string => around(bytesOf({ ...found, text }).toString('base64'));
  return { isUnread: isBinary, isText: !isBinary || !isPlain, within: { text: found.text, write } };
}

function readableLetters(letters: string): ReadableBytes | undefined {
  if (letters.length > PROBE_LETTERS && !beginsReadable(Buffer.from(letters.slice(0, PROBE_LETTERS), 'base64'))) return undefined;
  return readableBytes(Buffer.from(letters, 'base64'));
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
