import type { SqlToken } from './tokens.ts';

const BEFORE_TABLE: ReadonlySet<string> = new Set(['from', 'join', 'into', 'update', 'table']);
/** Words that end a list of tables. */
const ENDS_LIST: ReadonlySet<string> = new Set(
  'where group order having limit offset union intersect except on using set values window fetch for select returning'.split(' '),
);

/** The tables that a statement names, `schema.table` where it says so; undefined when that cannot be told for certain. */
export function namedTables(tokens: readonly SqlToken[]): readonly string[] | undefined {
  const own = commonTables(tokens);
  const named = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || !BEFORE_TABLE.has(token.text) || isPartOfExpression(tokens, index)) continue;
    let at: number | undefined = index + 1;
    while (at !== undefined) {
      const item = readItem(tokens, at);
      if (item === undefined) return undefined;
      if (item.table !== undefined && !own.has(item.table)) named.add(item.table);
      at = token.text === 'from' || token.text === 'join' ? nextItem(tokens, item.end) : undefined;
    }
  }
  return [...named];
}

/** `extract(year FROM d)`, `IS DISTINCT FROM x`, `trim(BOTH FROM s)`: no table follows. Why conservative: unknown forms count as tables. */
function isPartOfExpression(tokens: readonly SqlToken[], index: number): boolean {
  if (tokens[index]?.text !== 'from') return false;
  const [function_, bracket, part] = [tokens[index - 3], tokens[index - 2], tokens[index - 1]];
  const isExtract = function_?.text === 'extract' && bracket?.text === '(' && part?.kind === 'word';
  return isExtract || (part?.text === 'distinct' && (bracket?.text === 'is' || bracket?.text === 'not'));
}

interface Item {
  /** Absent for a query in brackets, whose own FROM is read on its own. */
  readonly table: string | undefined;
  readonly end: number;
}

function readItem(tokens: readonly SqlToken[], start: number): Item | undefined {
  let at = start;
  while (tokens[at]?.kind === 'word' && ['only', 'lateral', 'if', 'exists', 'not'].includes(tokens[at]?.text ?? '')) at++;
  if (isSign(tokens[at], '(')) {
    if (tokens[at + 1]?.text === 'select' || tokens[at + 1]?.text === 'with' || tokens[at + 1]?.text === 'values') {
      const end = closing(tokens, at);
      return end === undefined ? undefined : { table: undefined, end: end + 1 };
    }
    return undefined;
  }
  const parts: string[] = [];
  for (;;) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return undefined;
    parts.push(token.text);
    if (!isSign(tokens[at + 1], '.')) break;
    at += 2;
  }
  return { table: parts.join('.'), end: at + 1 };
}

/** After an item: past its alias, to what follows a comma. */
function nextItem(tokens: readonly SqlToken[], from: number): number | undefined {
  let at = from;
  if (tokens[at]?.text === 'as') at++;
  const alias = tokens[at];
  if (alias !== undefined && (alias.kind === 'name' || (alias.kind === 'word' && !ENDS_LIST.has(alias.text)))) at++;
  if (isSign(tokens[at], '(')) at = (closing(tokens, at) ?? at) + 1;
  return isSign(tokens[at], ',') ? at + 1 : undefined;
}

function commonTables(tokens: readonly SqlToken[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.text !== 'as' || !isSign(tokens[index + 1], '(')) continue;
    const at = isSign(tokens[index - 1], ')') ? opening(tokens, index - 1) - 1 : index - 1;
    const name = tokens[at];
    const lead = tokens[at - 1]?.text;
    const isName = name?.kind === 'word' || name?.kind === 'name';
    if (isName && (lead === 'with' || lead === 'recursive' || lead === ',')) names.add(name.text);
  }
  return names;
}

function closing(tokens: readonly SqlToken[], from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) depth++;
    else if (isSign(tokens[at], ')') && --depth === 0) return at;
  }
  return undefined;
}

/** The bracket before a list of columns; lists hold no brackets themselves. */
function opening(tokens: readonly SqlToken[], from: number): number {
  let at = from - 1;
  while (at > 0 && !isSign(tokens[at], '(') && !isSign(tokens[at], ')')) at--;
  return at;
}

function isSign(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}
