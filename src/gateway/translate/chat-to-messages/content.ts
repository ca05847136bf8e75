import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, object, only, text, wrong } from '../checked.ts';
import { readDataUrl } from '../data-url.ts';

const TEXT = new Set(['type', 'text', 'cache_control', 'annotations']);
const IMAGE = new Set(['type', 'image_url', 'cache_control']);
/** `detail` is about cost and not about what is seen. */
const IMAGE_URL = new Set(['url', 'detail']);
const FILE = new Set(['type', 'file', 'cache_control']);
const FILE_CONTENT = new Set(['filename', 'file_data']);

/** The content of a chat message as blocks. Empty texts are left out: Anthropic refuses them, and they say nothing. */
export function contentBlocks(content: unknown, at: string): JsonObject[] {
  if (isAbsent(content)) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrong(at, 'a string or a list of parts');
  return list(content, at).flatMap((part, index) => block(part, `${at}[${index}]`));
}

/** {@link contentBlocks} where nothing but text may stand. */
export function textBlocks(content: unknown, at: string): JsonObject[] {
  const blocks = contentBlocks(content, at);
  if (blocks.some(({ type }) => type !== 'text')) throw cannot(at, 'only text may stand there');
  return blocks;
}

/** Blocks as they are written shortest: one of text alone is a string. */
export function shortest(blocks: readonly JsonObject[]): string | readonly JsonObject[] {
  return blocks.length === 1 && blocks[0]!.type === 'text' ? (blocks[0]!.text as string) : blocks;
}

function block(part: JsonObject, at: string): JsonObject[] {
  const { type } = part;
  if (type === 'text' || type === 'refusal') return textBlock(part, type, at);
  if (type === 'image_url') return [image(part, at)];
  if (type === 'file') return [file(part, at)];
  throw cannot(at, 'parts of this type have no counterpart there');
}

function textBlock(part: JsonObject, type: 'text' | 'refusal', at: string): JsonObject[] {
  only(part, type === 'text' ? TEXT : new Set(['type', 'refusal']), `${at}.`);
  const said = text(part[type], `${at}.${type}`);
  return said === '' ? [] : [{ type: 'text', text: said }];
}

function image(part: JsonObject, at: string): JsonObject {
  only(part, IMAGE, `${at}.`);
  const reference = isObject(part.image_url) ? part.image_url : { url: part.image_url };
  only(reference, IMAGE_URL, `${at}.image_url.`);
  const url = text(reference.url, `${at}.image_url.url`);
  const inline = readDataUrl(url);
  if (inline === undefined && !/^https?:/i.test(url)) throw wrong(`${at}.image_url.url`, 'an address or base64 data');
  const source = inline === undefined ? { type: 'url', url } : { type: 'base64', media_type: inline.mediaType, data: inline.data };
  return { type: 'image', source };
}

function file(part: JsonObject, at: string): JsonObject {
  only(part, FILE, `${at}.`);
  const given = object(part.file, `${at}.file`);
  only(given, FILE_CONTENT, `${at}.file.`);
  const inline = readDataUrl(text(given.file_data, `${at}.file.file_data`));
  if (inline === undefined) throw wrong(`${at}.file.file_data`, 'base64 data');
  const { mediaType, data } = inline;
  const title = isAbsent(given.filename) ? undefined : text(given.filename, `${at}.file.filename`);
  if (mediaType === 'application/pdf') return compact({ type: 'document', source: { type: 'base64', media_type: mediaType, data }, title });
  if (mediaType !== 'text/plain') throw cannot(`${at}.file`, 'only PDF and plain text have a counterpart there');
  const plain = Buffer.from(data, 'base64').toString('utf8');
  return compact({ type: 'document', source: { type: 'text', media_type: mediaType, data: plain }, title });
}
