import type { SqlRule } from '../../../core/tool-policy.ts';
import type { ArgumentCheck } from '../values/constraints.ts';
import { select } from '../values/select.ts';
import { namedTables } from './tables.ts';
import { type SqlToken, sqlTokens } from './tokens.ts';
import { BRACKET_WORDS, CHANGING_WORDS, ORDINARY_FUNCTIONS, READING_VERBS } from './vocabulary.ts';

/** Compiles which SQL may run into a check of the arguments. */
export function sqlCheck(rule: SqlRule): ArgumentCheck {
  return (root) =>
    rule.arguments.flatMap((place) =>
      select(root, place).flatMap(({ path, value }) => {
        const problem = typeof value === 'string' ? sqlProblem(value, rule) : 'is no SQL text';
        return problem === undefined ? [] : [{ id: 'sql', path, message: `${path} ${problem}` }];
      }),
    );
}

/** Why a statement must not run; undefined when it may. */
export function sqlProblem(sql: string, { verbs, tables, functions }: Pick<SqlRule, 'verbs' | 'tables' | 'functions'>): string | undefined {
  const read = sqlTokens(sql);
  if ('problem' in read) return read.problem;
  const tokens = withoutFinalSemicolons(read.tokens);
  if (tokens.length === 0) return 'has no statement';
  if (tokens.some(({ kind, text }) => kind === 'sign' && text === ';')) return 'has more than one statement';
  const verb = tokens.find(({ text }) => text !== '(');
  if (verb?.kind !== 'word') return 'does not begin with a verb';
  const effective = verb.text === 'with' ? verbAfterWith(tokens) : verb.text;
  if (effective === undefined || !verbs.includes(effective))
    return `begins with ${(effective ?? verb.text).slice(0, 40)}, which is not allowed`;
  return wordProblem(tokens, verbs, functions) ?? tableProblem(tokens, tables);
}

function withoutFinalSemicolons(tokens: readonly SqlToken[]): readonly SqlToken[] {
  let end = tokens.length;
  while (end > 0 && tokens[end - 1]?.text === ';') end--;
  return tokens.slice(0, end);
}

/** The verb that the common table expressions are for: the first one outside all brackets. */
function verbAfterWith(tokens: readonly SqlToken[]): string | undefined {
  let depth = 0;
  for (const { kind, text } of tokens.slice(1)) {
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    else if (kind === 'word' && depth === 0 && (READING_VERBS.has(text) || CHANGING_WORDS.has(text))) return text;
  }
  return undefined;
}

function wordProblem(tokens: readonly SqlToken[], verbs: readonly string[], functions: readonly string[]): string | undefined {
  const readsOnly = verbs.every((verb) => READING_VERBS.has(verb));
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'word' && kind !== 'name') continue;
    const isCall = isBracket(tokens[index + 1]);
    const isMember = tokens[index - 1]?.text === '.';
    // Why `replace(` and `insert(` pass here: they are functions of text then, and judged as functions below.
    const changes = kind === 'word' && CHANGING_WORDS.has(text) && !isMember && !(isCall && (text === 'replace' || text === 'insert'));
    if (changes && !verbs.includes(text) && (readsOnly || !COMPANIONS.has(text))) return `has the word ${text}, which is not allowed`;
    if (!isCall) continue;
    const isOrdinary = kind === 'word' && !isMember && (ORDINARY_FUNCTIONS.has(text) || BRACKET_WORDS.has(text) || text === 'replace');
    if (isOrdinary || functions.includes(text) || verbs.includes(text) || isColumnList(tokens, index)) continue;
    return `calls ${text.slice(0, 60)}, which is not among the functions that are allowed`;
  }
  return undefined;
}

/** Words that belong to statements that change: `insert into`, `update … set`, `insert … returning`. */
const COMPANIONS: ReadonlySet<string> = new Set(['into', 'set', 'returning']);

/** `name (a, b) AS (` of a common table expression and `INSERT INTO name (a, b)`: names in brackets, no call. */
function isColumnList(tokens: readonly SqlToken[], index: number): boolean {
  let at = index + 2;
  while (at < tokens.length && !(tokens[at]?.kind === 'sign' && tokens[at]?.text === ')')) {
    const { kind, text } = tokens[at] ?? { kind: 'sign', text: '(' };
    if (kind !== 'word' && kind !== 'name' && !(kind === 'sign' && text === ',')) return false;
    at++;
  }
  const before = tokens[index - 1]?.text;
  if (before === 'into') return true;
  return (before === 'with' || before === 'recursive' || before === ',') && tokens[at + 1]?.text === 'as' && isBracket(tokens[at + 2]);
}

function tableProblem(tokens: readonly SqlToken[], tables: readonly string[] | undefined): string | undefined {
  if (tables === undefined) return undefined;
  const named = namedTables(tokens);
  if (named === undefined) return 'names its tables in a way that cannot be read';
  const foreign = named.find((table) => !tables.includes(table));
  return foreign === undefined ? undefined : `names the table ${foreign.slice(0, 80)}, which is not allowed`;
}

function isBracket(token: SqlToken | undefined): boolean {
  return token?.kind === 'sign' && token.text === '(';
}
