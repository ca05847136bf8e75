import type { Tx } from '../../../store/open-store.ts';
import type { BudgetState } from './pool-state.ts';

/**
 * Corrects what was charged to budgets earlier, by name of the budget and its period: less than nothing gives back. In the transaction
 * of whoever knows that it happens once. Budgets that are gone stay so. Why the pool: it counts beside all leases, so that whatever
 * process charged it, alive or not, the sum is right; a sum below nothing stands against what a lease still holds.
 */
export async function correctBudgets(tx: Tx, dialect: 'sqlite' | 'postgres', pools: readonly string[], byMicros: number): Promise<void> {
  if (byMicros === 0) return;
  // Why sorted: whoever locks several pools does it in this order.
  for (const pool of pools.toSorted((a, b) => (a < b ? -1 : 1))) {
    let query = tx.selectFrom('gateway_pool').select('state').where('id', '=', pool).where('kind', '=', 'budget');
    if (dialect === 'postgres') query = query.forUpdate();
    const row = await query.executeTakeFirst();
    if (row === undefined) continue;
    const state = JSON.parse(row.state) as BudgetState;
    state.spent += byMicros;
    await tx
      .updateTable('gateway_pool')
      .set({ state: JSON.stringify(state) })
      .where('id', '=', pool)
      .execute();
  }
}
