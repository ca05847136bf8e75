import { CordonError } from '../../../core/errors.ts';

/** A piece of a search filter. */
export interface Token {
  readonly type: 'name' | 'quoted-name' | 'string' | 'number' | 'operator' | '(' | ')' | ',' | '.';
  readonly text: string;
}

/** Why: MLflow has no limit; a filter this long is no question any more. */
const CHARACTERS = 20_000;

// One alternative for each type; sticky, so that nothing is skipped, and without nested repetition.
const TOKEN =
  /\s*(?:(?<string>'(?:[^']|'')*'|"(?:[^"]|"")*")|`(?<quoted>[^`]+)`|(?<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w]))|(?<operator><=|>=|!=|<>|=|<|>)|(?<mark>[(),.])|(?<name>[A-Za-z_][\w/-]*))/y;

/** Cuts a filter into pieces. Throws `request.invalid` at the first character that fits nowhere. */
export function tokensOf(text: string): Token[] {
  if (text.length > CHARACTERS) throw new CordonError('request.invalid', `a filter has at most ${CHARACTERS} characters`);
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < trimmed.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(trimmed)?.groups;
    if (groups === undefined)
      throw new CordonError('request.invalid', `Invalid filter at character ${at}: ${JSON.stringify(trimmed.slice(at, at + 40))}`);
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf({ string, quoted, number, operator, mark, name }: Record<string, string | undefined>): Token {
  if (string !== undefined) {
    const quote = string.charAt(0);
    return { type: 'string', text: string.slice(1, -1).replaceAll(quote + quote, quote) };
  }
  if (quoted !== undefined) return { type: 'quoted-name', text: quoted };
  if (number !== undefined) return { type: 'number', text: number };
  if (operator !== undefined) return { type: 'operator', text: operator === '<>' ? '!=' : operator };
  if (mark !== undefined) return { type: mark as '(' | ')' | ',' | '.', text: mark };
  return { type: 'name', text: name ?? '' };
}
