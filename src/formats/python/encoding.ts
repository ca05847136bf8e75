import { latin1 } from '../bytes/read.ts';

/** PEP 263: the first or second line, in a comment. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/;

/**
 * The source encoding a file declares, lower case with `-` for `_`; `utf-8` when it declares none. Why it matters: with
 * `utf-7` or `raw_unicode_escape` what every other reader takes for a comment is code to Python.
 */
export function declaredEncoding(bytes: Uint8Array): string {
  const lines = latin1(bytes.subarray(0, 1024))
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split(/\r\n|\r|\n/, 3);
  for (const [index, line] of lines.slice(0, 2).entries()) {
    const match = COOKIE.exec(line);
    if (match?.[1] !== undefined) return match[1].toLowerCase().replaceAll('_', '-');
    if (index === 0 && !/^[ \t\f]*(?:#.*)?$/.test(line)) break;
  }
  return 'utf-8';
}

/** True when the encoding keeps ASCII bytes as they are, so that this lexer sees what Python sees. */
export function keepsAscii(encoding: string): boolean {
  return /^(?:utf-?8(?:-.*)?|u8|ascii|us-ascii|latin-?1|l1|iso-?8859-\d+|cp?125\d|windows-125\d|koi8-[ru]|euc-.*|mac-.*)$/.test(encoding);
}
