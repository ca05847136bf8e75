import { latin1, utf8 } from '../bytes/read.ts';
import type { LexedPython } from './lexer.ts';
import { STRING_FLAG, TOKEN } from './tokens.ts';

/** Why 4096 bytes: names, commands and paths are short; a longer constant is data, whose value decides nothing here. */
const MAX_LITERAL_BYTES = 4096;

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{[^}]*\}|\r\n|([\s\S]))/g;

/** The text of a string (or f-string text) token with its escapes resolved; undefined when it is long enough to be data. */
export function stringValue(lexed: LexedPython, token: number): string | undefined {
  const { tokens, bytes } = lexed;
  let start = tokens.starts[token]!;
  let end = tokens.ends[token]!;
  const flags = tokens.values[token]!;
  if (tokens.kinds[token] === TOKEN.string) {
    while (bytes[start] !== 34 && bytes[start] !== 39) start++;
    const quotes = flags & STRING_FLAG.triple ? 3 : 1;
    start += quotes;
    if (end - quotes >= start) end -= quotes;
  }
  if (end - start > MAX_LITERAL_BYTES) return undefined;
  const raw = bytes.subarray(start, end);
  const text = flags & STRING_FLAG.bytes ? latin1(raw) : utf8(raw);
  if (flags & STRING_FLAG.raw || !text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole, x?: string, u?: string, U?: string, octal?: string, other?: string) => {
    const hex = x ?? u ?? U;
    if (hex !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (other === undefined) return whole.startsWith('\\N') ? '\ufffd' : '';
    return SIMPLE[other] ?? whole;
  });
}
