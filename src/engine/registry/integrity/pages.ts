/** Rows of one query. */
export const ROWS_AT_ONCE = 1_000;

/** All rows of a table, a page at a time, by a key that grows. */
export async function* pages<Row>(next: (after: string) => Promise<readonly Row[]>, keyOf: (row: Row) => string): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const rows = await next(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = keyOf(last);
  }
}
