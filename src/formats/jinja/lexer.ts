import { malformed } from '../../core/errors.ts';
import { decodeStringLiteral } from './string-literal.ts';
import type { Token, TokenKind } from './token.ts';

const OPENING = /\{(?:%|\{|#)/g;
const RAW_BEGIN = /\{%[-+]?\s*raw\s*(-?)%\}/y;
const RAW_END = /\{%([-+]?)\s*endraw\s*[-+]?%\}/g;
const BLANK = /\s+/y;
const STRING = /'([^'\\]*(?:\\[^][^'\\]*)*)'|"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
const FLOAT = /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/y;
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|\d+(?:_?\d)*/y;
const NAME = /[\p{L}\p{N}\p{Pc}\p{M}]+/uy;
const OPERATOR = /\/\/|\*\*|[=!<>]=|[-+*/%~()[\]{}.,:|=<>;]/y;
const BLOCK_END = /[-+]?%\}/y;
const VARIABLE_END = /-?\}\}/y;
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Splits a template into tokens exactly where Jinja2 does (default delimiters, no line statements). Why not a JavaScript
 * engine’s lexer: what it reads as text inside a string, Python may read as code.
 */
export function tokenize(template: string): readonly Token[] {
  const lexer = new Lexer(template);
  lexer.run();
  return lexer.tokens;
}

/** The position in a template and what was read of it. */
class Lexer {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;
  #trimNext = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length) {
      OPENING.lastIndex = this.#at;
      const opening = OPENING.exec(this.#text);
      const end = opening?.index ?? this.#text.length;
      this.#data(this.#text.slice(this.#at, end), this.#text[end + 2] === '-');
      this.#at = end;
      if (opening !== null) this.#tag(opening[0]);
    }
    this.#push('eof', '');
  }

  #data(text: string, trimEnd: boolean): void {
    let data = this.#trimNext ? text.trimStart() : text;
    if (trimEnd) data = data.trimEnd();
    this.#trimNext = false;
    if (data !== '') this.#push('data', data);
  }

  #tag(opening: string): void {
    if (opening === '{#') return this.#comment();
    const raw = this.#match(RAW_BEGIN);
    if (raw !== null) return this.#raw(raw[1] === '-');
    this.#push('begin', opening);
    this.#at += 2;
    if (this.#text[this.#at] === '-' || (opening === '{%' && this.#text[this.#at] === '+')) this.#at++;
    this.#inside(opening === '{%' ? BLOCK_END : VARIABLE_END);
  }

  #comment(): void {
    const end = this.#text.indexOf('#}', this.#at + 2);
    if (end < 0) throw malformed('comment without its end', this.#at);
    this.#trimNext = this.#text[end - 1] === '-';
    this.#at = end + 2;
  }

  #raw(trimStart: boolean): void {
    this.#trimNext = trimStart;
    RAW_END.lastIndex = this.#at;
    const end = RAW_END.exec(this.#text);
    if (end === null) throw malformed('raw block without its end', this.#at);
    this.#data(this.#text.slice(this.#at, end.index), end[1] === '-');
    this.#trimNext = end[0].endsWith('-%}');
    this.#at = end.index + end[0].length;
  }

  /** Tokens up to the end of the tag. Inside brackets `}}` is two braces. */
  #inside(ending: RegExp): void {
    const open: string[] = [];
    for (;;) {
      this.#match(BLANK);
      if (this.#at >= this.#text.length) throw malformed('tag without its end', this.#at);
      const offset = this.#at;
      const end = open.length === 0 ? this.#match(ending) : null;
      if (end !== null) {
        this.#push('end', end[0].slice(-2), offset);
        this.#trimNext = end[0].startsWith('-');
        return;
      }
      this.#token(open);
    }
  }

  #token(open: string[]): void {
    const offset = this.#at;
    const string = this.#match(STRING);
    if (string !== null) return this.#push('string', decodeStringLiteral(string[1] ?? string[2] ?? '', offset), offset);
    // Why not after a dot: `x.0.1` is two subscripts and no float.
    const float = this.#text[offset - 1] === '.' ? null : this.#match(FLOAT);
    if (float !== null) return this.#push('float', float[0], offset);
    const integer = this.#match(INTEGER);
    if (integer !== null) return this.#push('integer', integer[0], offset);
    const name = this.#match(NAME);
    if (name !== null) return this.#push('name', name[0], offset);
    const operator = this.#match(OPERATOR)?.[0];
    if (operator === undefined) throw malformed(`unexpected ${JSON.stringify(this.#text.slice(offset, offset + 10))}`, offset);
    if (operator === '(' || operator === '[' || operator === '{') open.push(operator);
    const closes = CLOSES[operator];
    if (closes !== undefined && open.pop() !== closes) throw malformed(`unexpected ${operator}`, offset);
    this.#push('operator', operator, offset);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #push(kind: TokenKind, text: string, offset = this.#at): void {
    this.tokens.push({ kind, text, offset });
  }
}
