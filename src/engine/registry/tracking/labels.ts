import { CordonError } from '../../../core/errors.ts';
import type { Tx } from '../../../store/open-store.ts';

/** A tag or a parameter. */
export interface Label {
  readonly key: string;
  readonly value: string;
}

/** Sets tags of an experiment, run or logged model; what is there is replaced. */
export async function setTags(tx: Tx, owner: string, experiment: string, tags: readonly Label[]): Promise<void> {
  for (const { key, value } of tags) {
    await tx
      .insertInto('mlflow_tag')
      .values({ owner, experiment_id: experiment, key, value })
      .onConflict((conflict) => conflict.columns(['owner', 'key']).doUpdateSet({ value }))
      .execute();
  }
}

/** Takes a tag away; answers whether it was there. */
export async function deleteTag(tx: Tx, owner: string, key: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('mlflow_tag').where('owner', '=', owner).where('key', '=', key).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Writes parameters. The same value again is fine; another one is `request.invalid`: parameters say what was, not what is. */
export async function addParams(tx: Tx, owner: string, experiment: string, params: readonly Label[]): Promise<void> {
  for (const { key, value } of params) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('mlflow_param')
      .values({ owner, experiment_id: experiment, key, value })
      .onConflict((conflict) => conflict.columns(['owner', 'key']).doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 0n && numInsertedOrUpdatedRows !== undefined) continue;
    const before = await tx
      .selectFrom('mlflow_param')
      .select('value')
      .where('owner', '=', owner)
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    if (before.value !== value) {
      throw new CordonError(
        'request.invalid',
        `the parameter ${JSON.stringify(key)} has the value ${JSON.stringify(before.value.slice(0, 100))} already and cannot be changed`,
      );
    }
  }
}

/** Tags or parameters of several owners at once. */
export async function labelsOf(
  db: Pick<Tx, 'selectFrom'>,
  table: 'mlflow_tag' | 'mlflow_param',
  owners: readonly string[],
): Promise<ReadonlyMap<string, readonly Label[]>> {
  const found = new Map<string, Label[]>(owners.map((owner) => [owner, []]));
  if (owners.length === 0) return found;
  const rows = await db
    .selectFrom(table)
    .select(['owner', 'key', 'value'])
    .where('owner', 'in', [...owners])
    .orderBy('key')
    .execute();
  for (const { owner, key, value } of rows) found.get(owner)?.push({ key, value });
  return found;
}
