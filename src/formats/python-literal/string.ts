import { malformed } from '../../core/errors.ts';

/** One string token of Python source. */
interface PythonString {
  readonly text: string;
  readonly bytes: boolean;
  /** Index behind the closing quote. */
  readonly end: number;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/** Reads the string token that begins at `start` with its prefix; triple quotes and named characters are refused. */
export function readPythonString(source: string, start: number): PythonString {
  const prefix = (/[uUbBrR]*/y.exec(source.slice(start, start + 3))?.[0] ?? '').toLowerCase();
  const raw = prefix.includes('r');
  const bytes = prefix.includes('b');
  let at = start + prefix.length;
  const quote = source[at];
  if (source.startsWith(`${quote}${quote}${quote}`, at)) throw malformed('triple-quoted string', at);
  const parts: string[] = [];
  for (at++; ;) {
    const character = source[at];
    if (character === undefined || character === '\n') throw malformed('string is not closed', start);
    if (character === quote) return { text: parts.join(''), bytes, end: at + 1 };
    const step = character === '\\' ? readEscape(source, at, raw, bytes) : { text: character, length: 1 };
    parts.push(step.text);
    at += step.length;
  }
}

function readEscape(source: string, at: number, raw: boolean, bytes: boolean): { text: string; length: number } {
  const rest = source.slice(at + 1, at + 10);
  if (raw) return { text: `\\${rest[0] ?? ''}`, length: 2 };
  const simple = SIMPLE[rest[0] ?? ''];
  if (simple !== undefined) return { text: simple, length: 2 };
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined) return { text: String.fromCharCode(Number.parseInt(octal, 8)), length: 1 + octal.length };
  const hex = (bytes ? /^x([0-9a-fA-F]{2})/ : /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/).exec(rest);
  const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? hex?.[3] ?? '', 16);
  if (hex && code <= 0x10_ffff) return { text: String.fromCodePoint(code), length: 1 + hex[0].length };
  if (hex || /^[xuUN]/.test(rest)) throw malformed('escape that is not a character', at);
  return { text: `\\${rest[0] ?? ''}`, length: 2 };
}
