import type { Kysely } from 'kysely';
import type { Schema } from '../../store/schema/index.ts';
import { LineageBuilder, type LineageIndex } from './lineage-index.ts';

/** Edges read at once. */
const PAGE = 50_000;

/** Reads all edges into an index, page by page along the primary key. */
export async function loadLineageIndex(db: Kysely<Schema>): Promise<LineageIndex> {
  const builder = new LineageBuilder();
  let after: { readonly ancestor: string; readonly descendant: string; readonly relation: string; readonly basis: string } | undefined;
  for (;;) {
    let query = db.selectFrom('lineage').select(['ancestor', 'descendant', 'relation', 'basis']);
    if (after !== undefined) {
      const { ancestor, descendant, relation, basis } = after;
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('ancestor', 'descendant', 'relation', 'basis'), '>', tuple(ancestor, descendant, relation, basis as 'declared')),
      );
    }
    const rows = await query.orderBy('ancestor').orderBy('descendant').orderBy('relation').orderBy('basis').limit(PAGE).execute();
    for (const row of rows) builder.add(row);
    after = rows.at(-1);
    if (after === undefined || rows.length < PAGE) return builder.build();
  }
}
