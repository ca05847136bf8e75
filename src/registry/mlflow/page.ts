import { CordonError } from '../../core/errors.ts';

/** Why: a deep page makes the database count everything before it. */
const OFFSET_AT_MOST = 10_000_000;

/** Where a page starts. Throws `request.invalid` for a token that was not given out. */
export function offsetOf(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const match = /^o(\d{1,8})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  const offset = match === null ? Number.NaN : Number(match[1]);
  if (!(offset <= OFFSET_AT_MOST)) throw new CordonError('request.invalid', 'Invalid page token');
  return offset;
}

/** The token of the page after one that started at `offset` and read one row more than it shows. */
export function nextToken(offset: number, limit: number, rows: number): { readonly next_page_token?: string } {
  return tokenAt(rows > limit ? offset + limit : undefined);
}

/** The token of a page that starts there; none when there is no more. */
export function tokenAt(offset: number | undefined): { readonly next_page_token?: string } {
  return offset === undefined ? {} : { next_page_token: Buffer.from(`o${offset}`).toString('base64url') };
}
