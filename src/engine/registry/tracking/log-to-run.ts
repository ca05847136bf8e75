import type { Json } from '../../../core/artifact.ts';
import { CordonError } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { MlflowInputTable } from '../../../store/schema/mlflow.ts';
import type { RegistryContext } from '../context.ts';
import { missing } from './experiments.ts';
import { addParams, deleteTag, type Label, setTags } from './labels.ts';
import { addMetrics, type Metric } from './metrics.ts';
import { openActiveRun } from './runs.ts';

/** What a run says of itself in one request. */
export interface Logged {
  readonly metrics?: readonly Metric[];
  readonly params?: readonly Label[];
  readonly tags?: readonly Label[];
}

/**
 * Writes metrics, parameters and tags of a run, all or nothing. Why no ledger entry: there are thousands a minute; the end of
 * the run is in the ledger with the digest of what it had logged.
 */
export async function logToRun(context: RegistryContext, principal: Principal, id: string, logged: Logged): Promise<void> {
  const run = await openActiveRun(context, principal, id);
  const { metrics = [], params = [], tags = [] } = logged;
  for (const model of new Set(metrics.map(({ modelId }) => modelId).filter((one) => one !== ''))) {
    await requireModelOf(context, run.experiment_id, model);
  }
  const name = tags.findLast(({ key }) => key === 'mlflow.runName')?.value;
  await context.store.transaction(async (tx) => {
    await addParams(tx, run.id, run.experiment_id, params);
    await setTags(tx, run.id, run.experiment_id, tags);
    if (name !== undefined) await tx.updateTable('mlflow_run').set({ name }).where('id', '=', run.id).execute();
    await addMetrics(tx, run, metrics);
  });
}

/** Why: a metric of a foreign model would write into an experiment that nobody was asked about. */
async function requireModelOf(context: RegistryContext, experiment: string, id: string): Promise<void> {
  const model = await context.store.db
    .selectFrom('mlflow_logged_model')
    .select('id')
    .where('id', '=', id)
    .where('experiment_id', '=', experiment)
    .executeTakeFirst();
  if (model === undefined) throw missing(`logged model ${JSON.stringify(id.slice(0, 64))} in the experiment of the run`);
}

/** Takes a tag of a run away. Throws `tracking.missing` when it is not there. */
export async function deleteRunTag(context: RegistryContext, principal: Principal, id: string, key: string): Promise<void> {
  const run = await openActiveRun(context, principal, id);
  await context.store.transaction(async (tx) => {
    if (!(await deleteTag(tx, run.id, key))) throw missing(`tag ${JSON.stringify(key.slice(0, 200))}`);
  });
}

/** A dataset or model that a run reads, or a model that it writes. */
export interface RunInput {
  readonly kind: MlflowInputTable['kind'];
  readonly key: string;
  readonly name: string;
  readonly digest: string;
  /** What a dataset was read for. */
  readonly context: string;
  readonly body: Json;
}

/** Notes what a run read or made: the edges of lineage that the client declares. */
export async function linkToRun(context: RegistryContext, principal: Principal, id: string, inputs: readonly RunInput[]): Promise<void> {
  const run = await openActiveRun(context, principal, id);
  await context.store.transaction(async (tx) => {
    for (const { kind, key, name, digest, context: readFor, body } of inputs) {
      await tx
        .insertInto('mlflow_input')
        .values({ run_id: run.id, experiment_id: run.experiment_id, kind, key, name, digest, context: readFor, body: JSON.stringify(body) })
        .onConflict((conflict) => conflict.columns(['run_id', 'kind', 'key']).doUpdateSet({ context: readFor, body: JSON.stringify(body) }))
        .execute();
    }
    const named = inputs.map(({ kind, name, digest, key }) => ({ kind, name: kind === 'dataset' ? name : key, digest }));
    if (named.length > 1_000) throw new CordonError('request.invalid', 'at most 1000 inputs at once');
    await appendEntry(tx, { kind: 'run.linked', body: { run: run.id, inputs: named, by: principal.name } });
  });
}
