/** What a token is. `data` is text outside of tags; `begin` and `end` delimit a tag. */
export type TokenKind = 'data' | 'begin' | 'end' | 'name' | 'string' | 'integer' | 'float' | 'operator' | 'eof';

/** One token of a template. */
export interface Token {
  readonly kind: TokenKind;
  /** Decoded text of a string, `{%` or `{{` of a tag, otherwise the spelling. */
  readonly text: string;
  /** Position in the template, in UTF-16 units. */
  readonly offset: number;
}
