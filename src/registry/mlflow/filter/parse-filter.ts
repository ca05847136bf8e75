import { CordonError } from '../../../core/errors.ts';
import type { Clause, Comparison, Subject } from '../../../engine/registry/search/clause.ts';
import { subjectOf } from './subject.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Why: each clause is a subquery. */
const CLAUSES = 100;
const VALUES = 1_000;

/**
 * Reads the filter of a search: comparisons joined by AND, such as `metrics.acc > 0.9 AND tags."team" ILIKE 'a%' AND run_id IN
 * ('x', 'y')`. Throws `request.invalid`.
 */
export function parseFilter(text: string | undefined): Clause[] {
  const reader = new Reader(tokensOf(text ?? ''));
  const clauses: Clause[] = [];
  while (!reader.isAtEnd) {
    if (clauses.length > 0) reader.word('AND');
    clauses.push(clause(reader));
    if (clauses.length > CLAUSES) throw new CordonError('request.invalid', `a filter has at most ${CLAUSES} conditions`);
  }
  return clauses;
}

function clause(reader: Reader): Clause {
  const { on, key } = identifier(reader);
  const next = reader.next();
  if (next.type === 'operator') {
    const value = reader.next();
    if (value.type === 'number') return { on, key, operator: next.text as Comparison, value: Number(value.text) };
    if (value.type === 'string') return { on, key, operator: next.text as Comparison, value: value.text };
    throw reader.unexpected(value);
  }
  if (next.type !== 'name') throw reader.unexpected(next);
  switch (next.text.toUpperCase()) {
    case 'LIKE':
      return { on, key, operator: 'like', value: reader.string() };
    case 'ILIKE':
      return { on, key, operator: 'ilike', value: reader.string() };
    case 'IN':
      return { on, key, operator: 'in', values: list(reader) };
    case 'NOT':
      reader.word('IN');
      return { on, key, operator: 'not in', values: list(reader) };
    case 'IS':
      return { on, key, operator: reader.isNot() ? 'is not null' : 'is null' };
    default:
      throw reader.unexpected(next);
  }
}

/** `key`, or `subject.key` with a key that may have dots and quotes. */
function identifier(reader: Reader): { readonly on: Subject; readonly key: string } {
  const first = reader.next();
  if (first.type !== 'name' && first.type !== 'quoted-name' && first.type !== 'string') throw reader.unexpected(first);
  if (!reader.skip('.')) return { on: 'attribute', key: first.text };
  const on = subjectOf(first.text);
  if (on === undefined) throw new CordonError('request.invalid', `Invalid entity type '${first.text.slice(0, 100)}' in the filter`);
  const parts: string[] = [];
  do {
    const part = reader.next();
    if (part.type === 'operator' || part.type === '(' || part.type === ')' || part.type === ',' || part.type === '.') {
      throw reader.unexpected(part);
    }
    parts.push(part.text);
  } while (reader.skip('.'));
  return { on, key: parts.join('.') };
}

function list(reader: Reader): string[] {
  reader.expect('(');
  const values: string[] = [];
  do {
    values.push(reader.string());
    if (values.length > VALUES) throw new CordonError('request.invalid', `a list has at most ${VALUES} values`);
  } while (reader.skip(','));
  reader.expect(')');
  return values;
}

/** The pieces of a filter, one after the other. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new CordonError('request.invalid', 'Invalid filter: it ends too early');
    return token;
  }

  string(): string {
    const token = this.next();
    if (token.type !== 'string') throw this.unexpected(token);
    return token.text;
  }

  expect(type: Token['type']): void {
    const token = this.next();
    if (token.type !== type) throw this.unexpected(token);
  }

  skip(type: Token['type']): boolean {
    if (this.#tokens[this.#at]?.type !== type) return false;
    this.#at++;
    return true;
  }

  word(word: string): void {
    const token = this.next();
    if (token.type !== 'name' || token.text.toUpperCase() !== word) throw this.unexpected(token);
  }

  /** After IS: `NULL` or `NOT NULL`. */
  isNot(): boolean {
    const token = this.next();
    if (token.type === 'name' && token.text.toUpperCase() === 'NULL') return false;
    if (token.type !== 'name' || token.text.toUpperCase() !== 'NOT') throw this.unexpected(token);
    this.word('NULL');
    return true;
  }

  unexpected({ text }: Token): CordonError {
    return new CordonError('request.invalid', `Invalid filter: ${JSON.stringify(text.slice(0, 100))} is not expected there`);
  }
}
