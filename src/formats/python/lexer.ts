import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import { NameTable } from './names.ts';
import { opValue, STRING_FLAG, TOKEN, TokenTable } from './tokens.ts';

/** Why 256: CPython refuses more than 200 open brackets, and what it refuses it does not run. */
const MAX_BRACKETS = 256;
const BLANK = 1;
const NAME_START = 2;
const NAME_PART = 4;
const DIGIT = 8;

const CLASSES = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code >= 128;
  const digit = code >= 48 && code <= 57;
  CLASSES[code] =
    (letter ? NAME_START | NAME_PART : 0) | (digit ? DIGIT | NAME_PART : 0) | (code === 32 || code === 9 || code === 12 ? BLANK : 0);
}

const LONG_OPS = new Set(
  ['**=', '//=', '>>=', '<<=', '...', '**', '//', '>>', '<<', '<=', '>=', '==', '!=', '->', '+=', '-=', '*=', '/=', '%=']
    .concat(['&=', '|=', '^=', '@=', ':='])
    .map(opValue),
);

/** Where a comment stands, without its line break. */
export interface CommentSpan {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** A source file as tokens. */
export interface LexedPython {
  readonly bytes: Uint8Array;
  readonly tokens: TokenTable;
  readonly names: readonly string[];
  readonly comments: readonly CommentSpan[];
  /** Places where CPython would report a syntax error. */
  readonly errors: number;
}

/** What the lexer is inside of: the text of an f-string, its format specification, or a replacement field. */
type Mode =
  | { readonly field: false; readonly quote: number; readonly triple: boolean; readonly raw: boolean; readonly spec: boolean }
  | { readonly field: true; readonly depth: number };

/** Splits Python source into tokens as CPython 3.12 and later do; earlier versions read a subset of it in the same way. */
export function lexPython(bytes: Uint8Array, budget: Budget): LexedPython {
  return new Lexer(bytes, budget).run();
}

class Lexer {
  readonly #bytes: Uint8Array;
  readonly #budget: Budget;
  readonly #tokens = new TokenTable();
  readonly #names: NameTable;
  readonly #comments: CommentSpan[] = [];
  readonly #indents: number[] = [0];
  readonly #modes: Mode[] = [];
  #at = 0;
  #line = 1;
  #depth = 0;
  #errors = 0;

  constructor(bytes: Uint8Array, budget: Budget) {
    this.#bytes = bytes;
    this.#budget = budget;
    this.#names = new NameTable(bytes);
  }

  run(): LexedPython {
    const bytes = this.#bytes;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3;
    let lineStart = true;
    let charged = 0;
    while (this.#at < bytes.length) {
      if (this.#tokens.length - charged > 4096) {
        this.#budget.charge('steps', this.#tokens.length - charged);
        charged = this.#tokens.length;
      }
      const mode = this.#modes.at(-1);
      if (mode !== undefined && !mode.field) {
        this.#fstringText(mode);
        continue;
      }
      if (lineStart && this.#depth === 0) {
        lineStart = false;
        this.#indentation();
        continue;
      }
      lineStart = this.#token() || (lineStart && this.#depth > 0);
    }
    this.#endLine();
    while (this.#indents.length > 1) {
      this.#indents.pop();
      this.#push(TOKEN.dedent, bytes.length, 0);
    }
    if (this.#depth > 0 || this.#modes.length > 0) this.#errors++;
    return { bytes, tokens: this.#tokens, names: this.#names.names, comments: this.#comments, errors: this.#errors };
  }

  #push(kind: number, start: number, value: number, line = this.#line): void {
    this.#tokens.push(kind, start, this.#at, line, value);
  }

  /** Ends the logical line, if there is anything on it. */
  #endLine(): void {
    const { length, kinds } = this.#tokens;
    if (length > 0 && kinds[length - 1] !== TOKEN.newline) this.#push(TOKEN.newline, this.#at, 0);
  }

  /** Steps over one line break of any kind. Why `\r` too: CPython ends a comment there. */
  #lineBreak(): void {
    if (this.#bytes[this.#at] === 13 && this.#bytes[this.#at + 1] === 10) this.#at++;
    this.#at++;
    this.#line++;
  }

  #indentation(): void {
    const bytes = this.#bytes;
    let column = 0;
    for (; ; this.#at++) {
      const code = bytes[this.#at];
      if (code === 32) column++;
      else if (code === 9) column = (column | 7) + 1;
      else if (code === 12) column = 0;
      else break;
    }
    const code = bytes[this.#at];
    if (code === undefined || code === 35 || code === 10 || code === 13 || code === 92) return;
    if (column > this.#indents.at(-1)!) {
      this.#indents.push(column);
      this.#push(TOKEN.indent, this.#at, 0);
      return;
    }
    while (column < this.#indents.at(-1)!) {
      this.#indents.pop();
      this.#push(TOKEN.dedent, this.#at, 0);
    }
    if (column !== this.#indents.at(-1)) this.#errors++;
  }

  /** Reads one token or gap; true when a line ended. */
  #token(): boolean {
    const bytes = this.#bytes;
    const code = bytes[this.#at]!;
    const kind = CLASSES[code]!;
    if (kind & BLANK) {
      this.#at++;
      return false;
    }
    if (kind & NAME_START) {
      this.#name();
      return false;
    }
    if (code === 10 || code === 13) {
      if (this.#depth === 0) this.#endLine();
      this.#lineBreak();
      return true;
    }
    if (code === 34 || code === 39) this.#string(this.#at, 0, false);
    else if (code === 35) this.#comment();
    else if (code === 92) this.#continuation();
    else if (kind & DIGIT || (code === 46 && CLASSES[bytes[this.#at + 1] ?? 0]! & DIGIT)) this.#number();
    else this.#operator(code);
    return false;
  }

  #name(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let hash = 0x811c9dc5;
    while (at < bytes.length && CLASSES[bytes[at]!]! & NAME_PART) hash = Math.imul(hash ^ bytes[at++]!, 0x01000193);
    this.#at = at;
    const next = bytes[at];
    if ((next === 34 || next === 39) && at - start <= 2) {
      const prefix = stringPrefix(bytes, start, at);
      if (prefix !== undefined) {
        this.#string(start, prefix.flags, prefix.formatted);
        return;
      }
    }
    this.#push(TOKEN.name, start, this.#names.intern(start, at, hash));
  }

  #number(): void {
    const bytes = this.#bytes;
    const start = this.#at++;
    for (; this.#at < bytes.length; this.#at++) {
      const code = bytes[this.#at]!;
      const sign = (code === 43 || code === 45) && (bytes[this.#at - 1]! | 32) === 101 && (bytes[start + 1]! | 32) !== 120;
      if (!(CLASSES[code]! & NAME_PART) && code !== 46 && !sign) break;
    }
    this.#push(TOKEN.number, start, 0);
  }

  #comment(): void {
    const start = this.#at;
    while (this.#at < this.#bytes.length && this.#bytes[this.#at] !== 10 && this.#bytes[this.#at] !== 13) this.#at++;
    this.#comments.push({ start, end: this.#at, line: this.#line });
  }

  #continuation(): void {
    this.#at++;
    if (this.#bytes[this.#at] === 10 || this.#bytes[this.#at] === 13) this.#lineBreak();
    else this.#errors++;
  }

  #operator(code: number): void {
    const bytes = this.#bytes;
    const start = this.#at;
    const mode = this.#modes.at(-1);
    const inField = mode !== undefined && mode.field && mode.depth === this.#depth;
    let value = code;
    if (!inField || (code !== 58 && code !== 125)) {
      const two = code | ((bytes[start + 1] ?? 0) << 8);
      const three = two | ((bytes[start + 2] ?? 0) << 16);
      if (LONG_OPS.has(three)) value = three;
      else if (LONG_OPS.has(two)) value = two;
    }
    this.#at += value > 0xffff ? 3 : value > 0xff ? 2 : 1;
    this.#push(TOKEN.op, start, value);
    if (code === 40 || code === 91 || code === 123) this.#open();
    else if (code === 41 || code === 93 || code === 125) this.#close(inField && code === 125);
    else if (inField && code === 58) this.#modes.push({ ...this.#text(), spec: true });
    else if (code < 33 || code === 36 || code === 63 || code === 96 || code === 127) this.#errors++;
  }

  #open(): void {
    if (++this.#depth > MAX_BRACKETS) throw malformed('brackets are nested deeper than Python allows', this.#at);
  }

  #close(endsField: boolean): void {
    if (endsField) this.#modes.pop();
    else if (this.#modes.at(-1)?.field === true && (this.#modes.at(-1) as { depth: number }).depth === this.#depth) this.#errors++;
    if (this.#depth > 0) this.#depth--;
    else this.#errors++;
  }

  /** The innermost f-string that is open. */
  #text(): Mode & { field: false } {
    return this.#modes.findLast((mode): mode is Mode & { field: false } => !mode.field)!;
  }

  #string(start: number, flags: number, formatted: boolean): void {
    const bytes = this.#bytes;
    const quote = bytes[this.#at]!;
    const triple = bytes[this.#at + 1] === quote && bytes[this.#at + 2] === quote;
    this.#at += triple ? 3 : 1;
    if (formatted) {
      this.#push(TOKEN.fstringStart, start, flags);
      this.#modes.push({ field: false, quote, triple, raw: (flags & STRING_FLAG.raw) !== 0, spec: false });
      return;
    }
    const line = this.#line;
    for (;;) {
      const code = bytes[this.#at];
      if (code === undefined || ((code === 10 || code === 13) && !triple)) {
        this.#errors++;
        break;
      }
      if (code === 10 || code === 13) this.#lineBreak();
      else if (code === 92) this.#escaped();
      else if (code === quote && (!triple || (bytes[this.#at + 1] === quote && bytes[this.#at + 2] === quote))) {
        this.#at += triple ? 3 : 1;
        break;
      } else this.#at++;
    }
    this.#push(TOKEN.string, start, triple ? flags | STRING_FLAG.triple : flags, line);
  }

  /** Steps over a backslash and what it covers. */
  #escaped(): void {
    this.#at++;
    const code = this.#bytes[this.#at];
    if (code === 10 || code === 13) this.#lineBreak();
    else if (code !== undefined) this.#at++;
  }

  #fstringText(mode: Mode & { field: false }): void {
    const bytes = this.#bytes;
    const start = this.#at;
    const flush = (): void => {
      if (this.#at > start) this.#push(TOKEN.fstringText, start, mode.raw ? STRING_FLAG.raw : 0);
    };
    for (;;) {
      const code = bytes[this.#at];
      if (code === undefined || ((code === 10 || code === 13) && !mode.triple)) {
        this.#errors++;
        flush();
        this.#endFstring();
        return;
      }
      const closes = code === mode.quote && (!mode.triple || (bytes[this.#at + 1] === code && bytes[this.#at + 2] === code));
      if (closes) {
        flush();
        const end = this.#at;
        this.#at += mode.triple ? 3 : 1;
        if (mode.spec) this.#errors++;
        this.#push(TOKEN.fstringEnd, end, 0);
        this.#endFstring();
        return;
      }
      if (code === 123 && bytes[this.#at + 1] === 123 && !mode.spec) this.#at += 2;
      else if (code === 123 || (code === 125 && mode.spec)) {
        flush();
        this.#brace(code);
        return;
      } else if (code === 10 || code === 13) this.#lineBreak();
      else if (code === 92) this.#fstringEscape(mode.raw);
      else this.#at++;
    }
  }

  #fstringEscape(raw: boolean): void {
    const bytes = this.#bytes;
    const next = bytes[this.#at + 1];
    if (next === 123 || next === 125) this.#at++;
    else if (!raw && next === 78 && bytes[this.#at + 2] === 123) {
      const end = bytes.indexOf(125, this.#at);
      this.#at = end < 0 || end - this.#at > 100 ? this.#at + 3 : end + 1;
    } else this.#escaped();
  }

  #brace(code: number): void {
    const start = this.#at++;
    this.#push(TOKEN.op, start, code);
    if (code === 123) {
      this.#open();
      this.#modes.push({ field: true, depth: this.#depth });
      return;
    }
    this.#modes.pop();
    this.#close(true);
  }

  /** Leaves the f-string, with whatever specification and field inside it were left open. */
  #endFstring(): void {
    for (;;) {
      const mode = this.#modes.pop();
      if (mode === undefined) return;
      if (mode.field) this.#depth = Math.max(0, mode.depth - 1);
      else if (!mode.spec) return;
    }
  }
}

function stringPrefix(bytes: Uint8Array, start: number, end: number): { flags: number; formatted: boolean } | undefined {
  let flags = 0;
  let formatted = false;
  for (let at = start; at < end; at++) {
    const letter = bytes[at]! | 32;
    if (letter === 114) flags |= STRING_FLAG.raw;
    else if (letter === 98) flags |= STRING_FLAG.bytes;
    else if (letter === 102 || letter === 116) formatted = true;
    else if (letter !== 117) return undefined;
  }
  return { flags, formatted };
}
