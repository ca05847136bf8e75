import { CordonError } from '../../../core/errors.ts';
import type { Ordering } from '../../../engine/registry/search/clause.ts';
import { subjectOf } from './subject.ts';

/** Reads `order_by`: `metrics.acc DESC`, `attributes.start_time`, `name ASC`. Throws `request.invalid`. */
export function parseOrder(terms: readonly string[]): Ordering[] {
  return terms.map((term) => {
    const match = /^(.+?)(?:\s+(asc|desc))?$/is.exec(term.trim());
    const said = match?.[1]?.trim() ?? '';
    if (said === '' || said.length > 300)
      throw new CordonError('request.invalid', `Invalid order_by: ${JSON.stringify(term.slice(0, 100))}`);
    return { ...orderedBy(said), isDescending: match?.[2]?.toLowerCase() === 'desc' };
  });
}

/** What `metrics.acc` or `name` is about. */
export function orderedBy(said: string): Pick<Ordering, 'on' | 'key'> {
  const dot = said.indexOf('.');
  const on = dot === -1 ? undefined : subjectOf(said.slice(0, dot));
  if (on === undefined) return { on: 'attribute', key: unquoted(said) };
  if (on === 'dataset') throw new CordonError('request.invalid', 'datasets cannot be sorted by');
  return { on, key: unquoted(said.slice(dot + 1)) };
}

function unquoted(text: string): string {
  const match = /^(["`])(.*)\1$/s.exec(text.trim());
  return match?.[2] ?? text.trim();
}
