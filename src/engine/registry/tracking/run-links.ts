import type { Tx } from '../../../store/open-store.ts';

/** What runs read and made. */
export interface RunLinks {
  /** As the client sent them: `{dataset, tags}`. */
  readonly datasets: readonly unknown[];
  /** Ids of logged models. */
  readonly models: readonly string[];
  readonly outputs: readonly { readonly modelId: string; readonly step: number }[];
}

/** Inputs and outputs of several runs at once. */
export async function linksOf(db: Pick<Tx, 'selectFrom'>, runs: readonly string[]): Promise<ReadonlyMap<string, RunLinks>> {
  const found = new Map(
    runs.map((id) => [id, { datasets: [] as unknown[], models: [] as string[], outputs: [] as { modelId: string; step: number }[] }]),
  );
  if (runs.length === 0) return found;
  const rows = await db
    .selectFrom('mlflow_input')
    .selectAll()
    .where('run_id', 'in', [...runs])
    .orderBy('key')
    .execute();
  for (const { run_id, kind, key, body } of rows) {
    const links = found.get(run_id);
    const said = JSON.parse(body) as { step?: number };
    if (kind === 'dataset') links?.datasets.push(said);
    else if (kind === 'model') links?.models.push(key);
    else links?.outputs.push({ modelId: key, step: said.step ?? 0 });
  }
  return found;
}
