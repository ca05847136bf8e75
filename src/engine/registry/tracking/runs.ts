import type { Selectable } from 'kysely';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Action, Principal } from '../../../identity/permission.ts';
import { newId } from '../../../store/ids.ts';
import type { MlflowRunTable } from '../../../store/schema/mlflow.ts';
import type { RegistryContext } from '../context.ts';
import { authorizeExperiment, missing, openExperiment, requireActive, touchExperiment } from './experiments.ts';
import { type Label, setTags } from './labels.ts';
import { runDigest } from './run-digest.ts';

export type Run = Selectable<MlflowRunTable>;

/** A run as it is started. */
export interface NewRun {
  readonly name: string;
  readonly startTime: number;
  readonly tags: readonly Label[];
}

const ENDED: ReadonlySet<Run['status']> = new Set(['FINISHED', 'FAILED', 'KILLED']);

/** Starts a run in an experiment. It is its principal's, whatever user the client names. */
export async function createRun(context: RegistryContext, principal: Principal, experimentId: string, start: NewRun): Promise<Run> {
  const experiment = await openExperiment(context, principal, experimentId, 'write');
  requireActive(experiment);
  const run: Run = {
    id: newId().replaceAll('-', ''),
    experiment_id: experiment.id,
    name: start.name,
    user_name: principal.name,
    status: 'RUNNING',
    lifecycle: 'active',
    start_time: start.startTime,
    end_time: null,
  };
  await context.store.transaction(async (tx) => {
    await tx.insertInto('mlflow_run').values(run).execute();
    await setTags(tx, run.id, experiment.id, start.tags);
    await touchExperiment(tx, experiment.id, context.now());
    await appendEntry(tx, {
      kind: 'run.started',
      body: { run: run.id, experiment: experiment.id, namespace: experiment.namespace, name: run.name, by: principal.name },
    });
  });
  return run;
}

/** The run with this id, which the principal may do `action` to, as the namespace of its experiment says. Throws `tracking.missing`. */
export async function openRun(context: RegistryContext, principal: Principal, id: string, action: Action = 'read'): Promise<Run> {
  const row = await context.store.db
    .selectFrom('mlflow_run')
    .innerJoin('mlflow_experiment', 'mlflow_experiment.id', 'mlflow_run.experiment_id')
    .selectAll('mlflow_run')
    .select(['mlflow_experiment.namespace', 'mlflow_experiment.lifecycle as around'])
    .where('mlflow_run.id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !principal.can('read', row.namespace)) throw missing(`run ${JSON.stringify(id.slice(0, 64))}`);
  const { namespace, around, ...run } = row;
  authorizeExperiment(principal, action, { id: run.experiment_id, namespace });
  return around === 'deleted' ? { ...run, lifecycle: around } : run;
}

/** An active run that the principal may write to. */
export async function openActiveRun(context: RegistryContext, principal: Principal, id: string): Promise<Run> {
  const run = await openRun(context, principal, id, 'write');
  requireActive(run);
  return run;
}

/** Changes the status, end or name of a run. The ledger keeps the digest of what an ended run had logged. */
export async function updateRun(
  context: RegistryContext,
  principal: Principal,
  id: string,
  change: { readonly status?: Run['status']; readonly endTime?: number; readonly name?: string },
): Promise<Run> {
  const before = await openActiveRun(context, principal, id);
  const after: Run = {
    ...before,
    ...(change.status !== undefined && { status: change.status }),
    ...(change.endTime !== undefined && { end_time: change.endTime }),
    ...(change.name !== undefined && { name: change.name }),
  };
  await context.store.transaction(async (tx) => {
    const { status, end_time, name } = after;
    await tx.updateTable('mlflow_run').set({ status, end_time, name }).where('id', '=', id).execute();
    if (change.name !== undefined) await setTags(tx, id, before.experiment_id, [{ key: 'mlflow.runName', value: name }]);
    if (!ENDED.has(status) || status === before.status) return;
    await appendEntry(tx, {
      kind: 'run.ended',
      body: { run: id, experiment: before.experiment_id, status, digest: await runDigest(tx, id), by: principal.name },
    });
  });
  return after;
}

/** Deletes a run or brings it back: nothing is removed, and models registered from it stay as they are. */
export async function setRunLifecycle(
  context: RegistryContext,
  principal: Principal,
  id: string,
  lifecycle: Run['lifecycle'],
): Promise<void> {
  const run = await openRun(context, principal, id, 'delete');
  await context.store.transaction(async (tx) => {
    await tx.updateTable('mlflow_run').set({ lifecycle }).where('id', '=', run.id).execute();
    await appendEntry(tx, {
      kind: lifecycle === 'deleted' ? 'run.deleted' : 'run.restored',
      body: { run: run.id, experiment: run.experiment_id, by: principal.name },
    });
  });
}
