import type { Edit } from './edit.ts';

const ESCAPE =
  /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|((?:x[0-9a-f]{2})(?:\\x[0-9a-f]{2}){0,999})|([0-7]{3})|([nrtbf"'/]))/gi;
const NOTATION = /U\+([0-9A-F]{4,6})(?![0-9A-F])[ ,]?(?=U\+|\b|$)/g;
const SIGNS: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: '\t', b: ' ', f: ' ' };

/** Escapes of JSON, JavaScript, Python and C strings, and `U+0041` notation. */
export function escapeEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(ESCAPE)) {
    const decoded = decode(match);
    if (decoded !== undefined) edits.push({ start: match.index, end: match.index + match[0].length, text: decoded, by: 'escapes' });
  }
  const named = text.includes('U+') ? [...text.matchAll(NOTATION)] : [];
  if (named.length >= 3) {
    for (const match of named) {
      const code = Number.parseInt(match[1] ?? '', 16);
      if (code <= 0x10ffff)
        edits.push({ start: match.index, end: match.index + match[0].length, text: String.fromCodePoint(code), by: 'escapes' });
    }
  }
  return edits;
}

function decode([, braced, unit, long, bytes, octal, sign]: RegExpExecArray): string | undefined {
  if (bytes !== undefined)
    return new TextDecoder().decode(Uint8Array.from(bytes.split(/\\?x/i).slice(1), (hex) => Number.parseInt(hex, 16)));
  if (sign !== undefined) return SIGNS[sign] ?? (/[a-z]/i.test(sign) ? undefined : sign);
  const code = Number.parseInt(braced ?? unit ?? long ?? octal ?? '', octal === undefined ? 16 : 8);
  if (code > 0x10ffff) return undefined;
  return unit === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
}
