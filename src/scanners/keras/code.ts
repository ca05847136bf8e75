import type { Json } from '../../core/artifact.ts';
import { type CodeSummary, summariseCode } from '../../formats/marshal/read.ts';
import { isObject, type JsonObject } from './walk.ts';

const BASE64 = /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/;

/** The bytes of a base64 text, as Python's codec takes it (line breaks allowed); undefined for other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** True for a text that is base64 of marshalled Python code. */
export function isCodeText(text: string): boolean {
  if (!/^\s*(?:4w|Yw)/.test(text)) return false;
  const bytes = fromBase64(text);
  return bytes !== undefined && summariseCode(bytes) !== undefined;
}

/** The code a Lambda carries: as base64 in a list, a tuple, or under `code` or `value`. Undefined when it only names a function. */
export function codeTextOf(value: Json | undefined): string | undefined {
  if (Array.isArray(value)) return typeof value[0] === 'string' && fromBase64(value[0]) !== undefined ? value[0] : undefined;
  if (!isObject(value)) return undefined;
  const { items, code, value: text } = value;
  if (Array.isArray(items)) return codeTextOf(items);
  if (typeof code === 'string') return code;
  if (typeof text === 'string') return text;
  if (Array.isArray(text) || Array.isArray(code)) return codeTextOf(text ?? code);
  return value['class_name'] === '__lambda__' ? codeTextOf(value['config']) : undefined;
}

/** What the code looks up, for the reviewer: `os`, `system`. */
export function summariseText(text: string): CodeSummary | undefined {
  const bytes = fromBase64(text);
  return bytes && summariseCode(bytes);
}

/** Parts of a Lambda that hold functions, with the keys that say what kind each is. */
export const LAMBDA_FUNCTIONS: readonly (readonly [key: string, type: string])[] = [
  ['function', 'function_type'],
  ['output_shape', 'output_shape_type'],
  ['mask', 'mask_type'],
];

/** The code texts of a Lambda layer's configuration. */
export function lambdaCode(config: JsonObject): string[] {
  return LAMBDA_FUNCTIONS.flatMap(([key, type]) => {
    const text = codeTextOf(config[key]);
    if (text !== undefined) return [text];
    const declared = config[type] === 'lambda' && typeof config[key] === 'string' ? config[key] : undefined;
    return declared === undefined ? [] : [declared];
  });
}

/** The code texts of a Keras object, if it is a Lambda layer or a serialised lambda. */
export function codeTexts(object: JsonObject): string[] {
  const { class_name: name, config } = object;
  if (!isObject(config) || typeof name !== 'string') return [];
  if (name === '__lambda__') return lambdaCode({ function: config });
  return /(?:^|>)Lambda$/.test(name) ? lambdaCode(config) : [];
}
