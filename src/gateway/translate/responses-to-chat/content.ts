import type { JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, object, only, text, wrong } from '../checked.ts';

const TEXT_PARTS: ReadonlySet<unknown> = new Set(['input_text', 'output_text', 'text']);
const TEXT = new Set(['type', 'text', 'annotations', 'logprobs']);
const REFUSAL = new Set(['type', 'refusal']);
const IMAGE = new Set(['type', 'image_url', 'detail']);
const FILE = new Set(['type', 'filename', 'file_data', 'detail']);
const AUDIO = new Set(['type', 'input_audio']);

/** The content of a message of the user. One part of text alone is a string. */
export function chatContent(content: unknown, at: string): string | readonly JsonObject[] {
  if (typeof content === 'string') return content;
  const parts = list(content, at).map((part, index) => chatPart(part, `${at}[${index}]`));
  if (parts.length === 0) throw wrong(at, 'something: it is empty');
  const [first] = parts;
  return parts.length === 1 && first!.type === 'text' ? (first!.text as string) : parts;
}

/** A content of which nothing but text may be told there. */
export function textOf(content: unknown, at: string, separator: string): string {
  if (typeof content === 'string') return content;
  return list(content, at)
    .map((part, index) => partText(part, `${at}[${index}]`))
    .join(separator);
}

function partText(part: JsonObject, at: string): string {
  if (part.type === 'refusal') {
    only(part, REFUSAL, `${at}.`);
    return text(part.refusal, `${at}.refusal`);
  }
  if (!TEXT_PARTS.has(part.type)) throw cannot(at, 'only text may stand there');
  only(part, TEXT, `${at}.`);
  return text(part.text, `${at}.text`);
}

function chatPart(part: JsonObject, at: string): JsonObject {
  switch (part.type) {
    case 'input_image': {
      only(part, IMAGE, `${at}.`);
      const detail = isAbsent(part.detail) || part.detail === 'auto' ? undefined : text(part.detail, `${at}.detail`);
      return { type: 'image_url', image_url: compact({ url: text(part.image_url, `${at}.image_url`), detail }) };
    }
    case 'input_file': {
      only(part, FILE, `${at}.`);
      const filename = isAbsent(part.filename) ? undefined : text(part.filename, `${at}.filename`);
      return { type: 'file', file: compact({ filename, file_data: text(part.file_data, `${at}.file_data`) }) };
    }
    case 'input_audio':
      only(part, AUDIO, `${at}.`);
      return { type: 'input_audio', input_audio: object(part.input_audio, `${at}.input_audio`) };
    default:
      return { type: 'text', text: partText(part, at) };
  }
}
