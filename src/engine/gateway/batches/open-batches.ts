import type { Store } from '../../../store/open-store.ts';
import { correctBudgets } from '../limits/correct-budgets.ts';
import type { BatchDue, Batches } from './batches.ts';

const FIRST_LOOK_MS = 300_000;
/** Why: what was settled is only kept so that nobody settles it again. */
const KEEP_MS = 60 * 86_400_000;

/** What {@link openBatches} needs. */
export interface BatchesOptions {
  readonly store: Store;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Opens the list of batches that are to be settled. */
export function openBatches({ store, now = Date.now }: BatchesOptions): Batches {
  return {
    async keep({ kind, id, madeAt, ...detail }) {
      await store.db
        .insertInto('gateway_batch_due')
        .values({
          kind,
          id,
          detail: JSON.stringify(detail),
          made_at: madeAt,
          next_at: madeAt + FIRST_LOOK_MS,
          tries: 0,
          settled_at: null,
        })
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doNothing())
        .execute();
    },
    async find(kind, id) {
      const row = await store.db
        .selectFrom('gateway_batch_due')
        .selectAll()
        .where('kind', '=', kind)
        .where('id', '=', id)
        .where('settled_at', 'is', null)
        .executeTakeFirst();
      return row === undefined ? undefined : dueOf(row);
    },
    settle: ({ kind, id, budgets, charged }, { costMicros }) =>
      store.transaction(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('gateway_batch_due')
          .set({ settled_at: now() })
          .where('kind', '=', kind)
          .where('id', '=', id)
          .where('settled_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await correctBudgets(tx, store.dialect, budgets, costMicros - charged);
        return true;
      }),
    async take(most, pauseMs) {
      await store.db
        .deleteFrom('gateway_batch_due')
        .where('settled_at', '<', now() - KEEP_MS)
        .execute();
      const rows = await store.db
        .selectFrom('gateway_batch_due')
        .selectAll()
        .where('settled_at', 'is', null)
        .where('next_at', '<=', now())
        .orderBy('next_at')
        .limit(most)
        .execute();
      for (const { kind, id, tries } of rows) {
        await store.db
          .updateTable('gateway_batch_due')
          .set({ tries: tries + 1, next_at: now() + pauseMs(tries) })
          .where('kind', '=', kind)
          .where('id', '=', id)
          .execute();
      }
      return rows.map(dueOf);
    },
    async hurry(kind, id) {
      await store.db
        .updateTable('gateway_batch_due')
        .set({ next_at: now() })
        .where('kind', '=', kind)
        .where('id', '=', id)
        .where('settled_at', 'is', null)
        .execute();
    },
  };
}

function dueOf({ kind, id, made_at, detail }: { kind: string; id: string; made_at: number; detail: string }): BatchDue {
  return { ...(JSON.parse(detail) as BatchDue), kind: kind as BatchDue['kind'], id, madeAt: made_at };
}
