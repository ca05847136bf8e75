import { malformed } from '../../core/errors.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  "'": "'",
  '"': '"',
  '\\': '\\',
  '\n': '',
};

/** Names of characters that matter inside attribute names, as `\N{...}` spells them. */
const NAMED: Readonly<Record<string, string>> = {
  'LOW LINE': '_',
  UNDERSCORE: '_',
  'SPACING UNDERSCORE': '_',
  'FULL STOP': '.',
  PERIOD: '.',
  SPACE: ' ',
};

/**
 * Decodes the inside of a Jinja string as Python does (`unicode-escape`): also octal, `\U` and `\N` forms. Why: they are how
 * `__class__` is spelt past readers that know only the escapes of JavaScript.
 */
export function decodeStringLiteral(raw: string, offset: number): string {
  if (!raw.includes('\\')) return raw;
  return raw.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{([^}]{1,80})\}|([^]))/g,
    (match, x?: string, u?: string, long?: string, octal?: string, name?: string, letter?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16), offset);
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (name !== undefined) return NAMED[name.toUpperCase()] ?? named(name);
      if (letter === 'x' || letter === 'u' || letter === 'U' || letter === 'N') throw malformed('broken escape in a string', offset);
      return SIMPLE[letter ?? ''] ?? match;
    },
  );
}

function fromCodePoint(code: number, offset: number): string {
  if (code > 0x10ffff) throw malformed('escape beyond Unicode', offset);
  return String.fromCodePoint(code);
}

/** `LATIN SMALL LETTER A` and the like; anything else is one character that we do not know. */
function named(name: string): string {
  const letter = /^(?:LATIN|FULLWIDTH LATIN) (SMALL|CAPITAL) LETTER ([A-Z])$/i.exec(name);
  if (letter === null) return '\uFFFD';
  return letter[1]?.toUpperCase() === 'SMALL' ? (letter[2] ?? '').toLowerCase() : (letter[2] ?? '').toUpperCase();
}
