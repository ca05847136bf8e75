import type { JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, object, only, text, wrong } from '../checked.ts';
import { dataUrl } from '../data-url.ts';

const TEXT = new Set(['type', 'text', 'cache_control', 'citations']);
const IMAGE = new Set(['type', 'source', 'cache_control']);
const DOCUMENT = new Set(['type', 'source', 'title', 'context', 'citations', 'cache_control']);

/** The blocks of a content: a string is one of text. Empty texts are left out. */
export function blocksOf(content: unknown, at: string): readonly JsonObject[] {
  if (isAbsent(content) || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrong(at, 'a string or a list of blocks');
  return list(content, at).filter(({ type, text: said }) => type !== 'text' || said !== '');
}

/** The text of a block, if it is one of text. */
export function textOf(block: JsonObject, at: string): string {
  if (block.type !== 'text') throw cannot(at, 'only text may stand there');
  only(block, TEXT, `${at}.`);
  return text(block.text, `${at}.text`);
}

/** A block of a user's message as a part. */
export function partOf(block: JsonObject, at: string): JsonObject {
  if (block.type === 'text') return { type: 'text', text: textOf(block, at) };
  if (block.type === 'image') return image(block, at);
  if (block.type === 'document') return document(block, at);
  throw cannot(at, 'blocks of this type have no counterpart there');
}

function image(block: JsonObject, at: string): JsonObject {
  only(block, IMAGE, `${at}.`);
  const source = object(block.source, `${at}.source`);
  if (source.type === 'url') return { type: 'image_url', image_url: { url: text(source.url, `${at}.source.url`) } };
  if (source.type !== 'base64') throw cannot(`${at}.source`, 'only addresses and base64 data have a counterpart there');
  return { type: 'image_url', image_url: { url: inline(source, at) } };
}

function document(block: JsonObject, at: string): JsonObject {
  only(block, DOCUMENT, `${at}.`);
  if (!isAbsent(block.citations) && object(block.citations, `${at}.citations`).enabled === true) throw cannot(`${at}.citations`);
  const source = object(block.source, `${at}.source`);
  const [title, context] = (['title', 'context'] as const).map((key) =>
    isAbsent(block[key]) ? undefined : text(block[key], `${at}.${key}`),
  );
  if (source.type === 'base64') {
    if (context !== undefined) throw cannot(`${at}.context`);
    return { type: 'file', file: { filename: title ?? 'document.pdf', file_data: inline(source, at) } };
  }
  const said =
    source.type === 'text' ? [text(source.data, `${at}.source.data`)] : source.type === 'content' ? texts(source, at) : undefined;
  if (said === undefined) throw cannot(`${at}.source`, 'only text and base64 data have a counterpart there');
  return { type: 'text', text: Object.values(compact({ title, context, said: said.join('\n') })).join('\n') };
}

function texts(source: JsonObject, at: string): readonly string[] {
  return blocksOf(source.content, `${at}.source.content`).map((block, index) => textOf(block, `${at}.source.content[${index}]`));
}

function inline(source: JsonObject, at: string): string {
  return dataUrl({ mediaType: text(source.media_type, `${at}.source.media_type`), data: text(source.data, `${at}.source.data`) });
}
