import type { Selectable } from 'kysely';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Action, Principal } from '../../../identity/permission.ts';
import { newId } from '../../../store/ids.ts';
import type { MlflowLoggedModelTable } from '../../../store/schema/mlflow.ts';
import type { RegistryContext } from '../context.ts';
import { manifestDigest } from '../manifest.ts';
import { authorizeExperiment, missing, openExperiment, requireActive, touchExperiment } from './experiments.ts';
import { addParams, deleteTag, type Label, setTags } from './labels.ts';
import { openRun } from './runs.ts';

export type LoggedModel = Selectable<MlflowLoggedModelTable>;

/** A logged model as it is announced, before its files come. */
export interface NewLoggedModel {
  readonly name: string;
  readonly modelType: string;
  readonly sourceRunId: string;
  readonly params: readonly Label[];
  readonly tags: readonly Label[];
}

/** Announces a logged model: its files come next. */
export async function createLoggedModel(
  context: RegistryContext,
  principal: Principal,
  experimentId: string,
  given: NewLoggedModel,
): Promise<LoggedModel> {
  const experiment = await openExperiment(context, principal, experimentId, 'write');
  requireActive(experiment);
  if (given.sourceRunId !== '') await openRun(context, principal, given.sourceRunId);
  const now = context.now();
  const model: LoggedModel = {
    id: `m-${newId().replaceAll('-', '')}`,
    experiment_id: experiment.id,
    name: given.name,
    model_type: given.modelType,
    source_run_id: given.sourceRunId,
    status: 'LOGGED_MODEL_PENDING',
    lifecycle: 'active',
    created_by: principal.id,
    created_at: now,
    updated_at: now,
  };
  await context.store.transaction(async (tx) => {
    await tx.insertInto('mlflow_logged_model').values(model).execute();
    await addParams(tx, model.id, experiment.id, given.params);
    await setTags(tx, model.id, experiment.id, given.tags);
    await touchExperiment(tx, experiment.id, now);
  });
  return model;
}

/** The logged model with this id, which the principal may do `action` to. Throws `tracking.missing`. */
export async function openLoggedModel(
  context: RegistryContext,
  principal: Principal,
  id: string,
  action: Action = 'read',
  allowDeleted = false,
): Promise<LoggedModel> {
  const row = await context.store.db
    .selectFrom('mlflow_logged_model')
    .innerJoin('mlflow_experiment', 'mlflow_experiment.id', 'mlflow_logged_model.experiment_id')
    .selectAll('mlflow_logged_model')
    .select('mlflow_experiment.namespace')
    .where('mlflow_logged_model.id', '=', id)
    .executeTakeFirst();
  const isThere = row !== undefined && principal.can('read', row.namespace) && (allowDeleted || row.lifecycle === 'active');
  if (!isThere) throw missing(`logged model ${JSON.stringify(id.slice(0, 64))}`);
  const { namespace, ...model } = row;
  authorizeExperiment(principal, action, { id: model.experiment_id, namespace });
  return model;
}

/** Says that the files of a logged model are there, or that they failed. The ledger keeps the digest of the files. */
export async function finalizeLoggedModel(
  context: RegistryContext,
  principal: Principal,
  id: string,
  status: LoggedModel['status'],
): Promise<LoggedModel> {
  const model = await openLoggedModel(context, principal, id, 'write');
  const now = context.now();
  await context.store.transaction(async (tx) => {
    await tx.updateTable('mlflow_logged_model').set({ status, updated_at: now }).where('id', '=', id).execute();
    const files = await tx.selectFrom('mlflow_artifact').select(['path', 'sha256', 'size']).where('owner', '=', id).execute();
    await appendEntry(tx, {
      kind: 'model.logged',
      body: {
        model: id,
        name: model.name,
        run: model.source_run_id,
        experiment: model.experiment_id,
        status,
        manifest: manifestDigest(files),
        by: principal.name,
      },
    });
  });
  return { ...model, status, updated_at: now };
}

/** Hides a logged model; versions registered from it stay as they are. */
export async function deleteLoggedModel(context: RegistryContext, principal: Principal, id: string): Promise<void> {
  const model = await openLoggedModel(context, principal, id, 'delete');
  await context.store.transaction(async (tx) => {
    await tx.updateTable('mlflow_logged_model').set({ lifecycle: 'deleted', updated_at: context.now() }).where('id', '=', id).execute();
    await appendEntry(tx, {
      kind: 'model.log-deleted',
      body: { model: id, experiment: model.experiment_id, by: principal.name },
    });
  });
}

/** Changes tags of a logged model, or adds parameters to it. */
export async function describeLoggedModel(
  context: RegistryContext,
  principal: Principal,
  id: string,
  change: { readonly tags?: readonly Label[]; readonly params?: readonly Label[]; readonly withoutTag?: string },
): Promise<LoggedModel> {
  const model = await openLoggedModel(context, principal, id, 'write');
  const now = context.now();
  await context.store.transaction(async (tx) => {
    await setTags(tx, id, model.experiment_id, change.tags ?? []);
    await addParams(tx, id, model.experiment_id, change.params ?? []);
    if (change.withoutTag !== undefined && !(await deleteTag(tx, id, change.withoutTag))) {
      throw missing(`tag ${JSON.stringify(change.withoutTag.slice(0, 200))}`);
    }
    await tx.updateTable('mlflow_logged_model').set({ updated_at: now }).where('id', '=', id).execute();
  });
  return { ...model, updated_at: now };
}
