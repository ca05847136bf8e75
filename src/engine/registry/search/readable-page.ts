/** Rows of a page, and where the next one starts; undefined: there is none. */
export interface ReadablePage<Row> {
  readonly rows: readonly Row[];
  readonly nextOffset: number | undefined;
}

const ROWS_AT_ONCE = 500;
/** Why: a principal that may read almost nothing must not make one request read everything. */
const ROWS_AT_MOST = 50_000;

/**
 * A page of what somebody may read, where permissions are known only row by row. Offsets count all rows, so that a page never
 * tells how many there are that may not be read.
 */
export async function readablePage<Row>(
  page: { readonly offset: number; readonly limit: number },
  read: (offset: number, limit: number) => Promise<readonly Row[]>,
  isReadable: (row: Row) => boolean,
): Promise<ReadablePage<Row>> {
  const rows: Row[] = [];
  let offset = page.offset;
  while (offset < page.offset + ROWS_AT_MOST) {
    const some = await read(offset, ROWS_AT_ONCE);
    for (const row of some) {
      if (isReadable(row)) {
        if (rows.length === page.limit) return { rows, nextOffset: offset };
        rows.push(row);
      }
      offset++;
    }
    if (some.length < ROWS_AT_ONCE) return { rows, nextOffset: undefined };
  }
  return { rows, nextOffset: offset };
}
