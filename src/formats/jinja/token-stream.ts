import { type CordonError, malformed } from '../../core/errors.ts';
import type { Token, TokenKind } from './token.ts';

const EOF_TOKEN: Token = { kind: 'eof', text: '', offset: 0 };
const MAX_DEPTH = 100;
/** Longest chain of operators, attributes or filters. Why: such a chain is a tree as deep as it is long. */
const MAX_CHAIN = 500;

/** Tokens with a position, and how deep the parser that reads them is. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? EOF_TOKEN;
  }

  get following(): Token {
    return this.#tokens[this.#at + 1] ?? EOF_TOKEN;
  }

  next(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  is(kind: TokenKind, ...texts: readonly string[]): boolean {
    return this.current.kind === kind && (texts.length === 0 || texts.includes(this.current.text));
  }

  accept(kind: TokenKind, ...texts: readonly string[]): Token | undefined {
    return this.is(kind, ...texts) ? this.next() : undefined;
  }

  expect(kind: TokenKind, ...texts: readonly string[]): Token {
    if (!this.is(kind, ...texts)) throw this.unexpected(texts.join(' or ') || kind);
    return this.next();
  }

  unexpected(wanted: string): CordonError {
    const { kind, text, offset } = this.current;
    return malformed(`expected ${wanted}, found ${kind} ${JSON.stringify(text.slice(0, 40))}`, offset);
  }

  /** Runs `parse` one level deeper. Why bounded: deep nesting overflows the stack of a recursive parser. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw malformed(`template nests deeper than ${MAX_DEPTH}`, this.current.offset);
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  /** Counts one more link of a chain; throws when it gets too long to be evaluated by recursion. */
  link(length: number): number {
    if (length >= MAX_CHAIN) throw malformed(`expression chains more than ${MAX_CHAIN} operations`, this.current.offset);
    return length + 1;
  }
}
