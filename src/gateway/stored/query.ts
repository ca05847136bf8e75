import { CordonError } from '../../core/errors.ts';

const VALUE = /^[\w.:@-]{0,200}$/;

/** The parameters of an address. Throws `request.invalid` for one that is not expected, comes twice, or is no plain word. */
export function readQuery(url: string, allowed: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const at = url.indexOf('?');
  for (const [name, value] of new URLSearchParams(at < 0 ? '' : url.slice(at))) {
    const values = found.get(name) ?? [];
    if (!allowed.includes(name) || !VALUE.test(value) || values.length > 20 || (values.length > 0 && !name.endsWith('[]')))
      throw new CordonError('request.invalid', 'the address has a parameter that is not known here, or that is no plain word');
    found.set(name, [...values, value]);
  }
  return found;
}

/** Parameters as an address has them, with the question mark; empty for none. */
export function queryText(parameters: ReadonlyMap<string, readonly string[]>): string {
  const text = [...parameters].flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return text.length === 0 ? '' : `?${text.join('&')}`;
}

/** A number of things on a page. */
export function pageSize(parameters: ReadonlyMap<string, readonly string[]>, most: number): number {
  const text = parameters.get('limit')?.[0];
  const limit = text === undefined ? most : Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new CordonError('request.invalid', 'limit must be a number of at least 1');
  return Math.min(limit, most);
}
