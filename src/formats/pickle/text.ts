/** Texts longer than this never matter: no module or attribute has such a name. */
export const KEPT_TEXT = 512;
/** Longest line that is decoded; longer ones are moved over. */
export const NAME_LINE = 4096;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
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

/** Content of a protocol 0 `STRING` line: quotes off, escapes decoded as Python does. Undefined when the quotes are missing. */
export function decodeStringLine(line: string): string | undefined {
  const text = line.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) return undefined;
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])/g, (whole, escape: string) => {
    if (escape.length === 3 && escape.startsWith('x')) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 0xff);
    return SIMPLE_ESCAPES[escape] ?? whole;
  });
}

/** Content of a protocol 0 `UNICODE` line: `raw-unicode-escape`. */
export function decodeUnicodeLine(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short: string | undefined, long: string | undefined) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Latin-1 bytes of a `GLOBAL` or `INST` line read as UTF-8, as the unpickler does. */
export function decodeNameLine(line: string): string {
  // eslint-disable-next-line no-control-regex -- Why: a plain ASCII test is what decides whether decoding is needed.
  return /^[\x00-\x7f]*$/.test(line) ? line : Buffer.from(line, 'latin1').toString('utf8');
}
