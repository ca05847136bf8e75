/** A piece of SQL: what comments hold is gone, what strings hold is kept apart. */
export interface SqlToken {
  /** `name` is a quoted identifier, `word` a bare one or a keyword, in lower case. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'sign';
  readonly text: string;
}

export type SqlTokens = { readonly tokens: readonly SqlToken[] } | { readonly problem: string };

/** Why: a query that a tool runs is short, and every check walks all tokens. */
const MAX_SQL = 100_000;
const MAX_TOKENS = 10_000;
const SPACE = /\s/;
const WORD_START = /[\p{L}_]/u;
const WORD = /[\p{L}\p{N}_$]/u;

/**
 * Takes SQL apart so that no dialect can read it as something else: what dialects disagree about is a problem, not a guess
 * (backslashes in strings, `#`, nested and executable comments, dollar quotes that do not end).
 */
export function sqlTokens(sql: string): SqlTokens {
  if (sql.length > MAX_SQL) return { problem: `is longer than ${MAX_SQL} characters` };
  if (/[\u0000\p{Cf}\p{Cs}]/u.test(sql)) return { problem: 'has invisible characters' };
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const sign = sql[at] ?? '';
    if (tokens.length > MAX_TOKENS) return { problem: `has more than ${MAX_TOKENS} words` };
    if (SPACE.test(sign)) at++;
    else if (sql.startsWith('--', at)) at = lineEnd(sql, at);
    else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2);
      const inside = end < 0 ? '' : sql.slice(at + 2, end);
      if (end < 0) return { problem: 'has a comment that does not end' };
      if (/^[!+M]/.test(inside)) return { problem: 'has a comment that some databases execute' };
      if (inside.includes('/*')) return { problem: 'has a comment inside a comment' };
      at = end + 2;
    } else if (sign === '#') return { problem: 'has a #, a comment to some databases only' };
    else if (sign === "'" || sign === '"' || sign === '`') {
      const end = quotedEnd(sql, at, sign);
      if (end === undefined) return { problem: 'has a quote that does not end' };
      const inside = sql.slice(at + 1, end - 1);
      if (inside.includes('\\')) return { problem: 'has a backslash inside quotes, which databases disagree about' };
      // Why strings only when single: MySQL takes double quotes for strings, others for names; both ways it is no keyword.
      tokens.push({ kind: sign === "'" ? 'string' : 'name', text: sign === "'" ? '' : inside.toLowerCase() });
      at = end;
    } else if (sign === '[') {
      return { problem: 'has square brackets, which databases disagree about' };
    } else if (sign === '$') {
      const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 70))?.[0];
      if (tag !== undefined) return { problem: 'has dollar quotes' };
      at = skipWhile(sql, at + 1, WORD);
      tokens.push({ kind: 'number', text: '$' });
    } else if (/\d/.test(sign)) {
      at = skipWhile(sql, at, /[\p{L}\p{N}_.]/u);
      tokens.push({ kind: 'number', text: '0' });
    } else if (WORD_START.test(sign)) {
      const end = skipWhile(sql, at, WORD);
      tokens.push({ kind: 'word', text: sql.slice(at, end).toLowerCase() });
      at = end;
    } else if (sign === '\\') {
      return { problem: 'has a backslash' };
    } else {
      tokens.push({ kind: 'sign', text: sign });
      at++;
    }
  }
  return { tokens };
}

function lineEnd(sql: string, from: number): number {
  const end = sql.slice(from).search(/[\n\r]/);
  return end < 0 ? sql.length : from + end;
}

/** The offset after the closing quote; a doubled quote stands for itself. */
function quotedEnd(sql: string, start: number, quote: string): number | undefined {
  let at = start + 1;
  for (;;) {
    at = sql.indexOf(quote, at);
    if (at < 0) return undefined;
    if (sql[at + 1] !== quote) return at + 1;
    at += 2;
  }
}

function skipWhile(sql: string, from: number, wanted: RegExp): number {
  let at = from;
  while (at < sql.length && wanted.test(sql[at] ?? '')) at++;
  return at;
}
