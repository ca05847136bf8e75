import { malformed, truncated } from '../../core/errors.ts';
import { latin1 } from '../bytes/read.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes the JSON string whose opening quote is at `start`; `end` is behind the closing quote. Strict UTF-8 and escapes. */
export function decodeJsonString(bytes: Uint8Array, start: number): { text: string; end: number } {
  let escaped = false;
  let ascii = true;
  for (let i = start + 1; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === 0x22) {
      const raw = decode(bytes.subarray(start + 1, i), ascii, start);
      return { text: escaped ? unescape(raw, start) : raw, end: i + 1 };
    }
    if (byte < 0x20) throw malformed('control character in a JSON string', i);
    if (byte === 0x5c) {
      escaped = true;
      i++;
    } else if (byte >= 0x80) {
      ascii = false;
    }
  }
  throw truncated('JSON string without its end', start);
}

function decode(bytes: Uint8Array, ascii: boolean, offset: number): string {
  if (ascii && bytes.every((byte) => byte < 0x80)) return latin1(bytes);
  try {
    return strictUtf8.decode(bytes);
  } catch (cause) {
    throw malformed(`JSON string is not UTF-8 (${(cause as Error).name})`, offset);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function unescape(raw: string, offset: number): string {
  // Lone surrogates stay as they are, as in JSON.parse: refusing them would refuse files that every loader reads.
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([^u])|u)/gsu, (_match, hex: string | undefined, letter: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const text = letter === undefined ? undefined : ESCAPES[letter];
    if (text === undefined) throw malformed('unknown escape in a JSON string', offset);
    return text;
  });
}
