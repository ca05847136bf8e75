import { randomInt } from 'node:crypto';
import type { Selectable } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Action, Principal } from '../../../identity/permission.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { MlflowExperimentTable } from '../../../store/schema/mlflow.ts';
import type { RegistryContext } from '../context.ts';
import { isNamePart } from '../names.ts';
import { type Label, setTags } from './labels.ts';

export type Experiment = Selectable<MlflowExperimentTable>;

/** Namespace of experiments and models whose name says none. */
export const DEFAULT_NAMESPACE = 'mlflow';
/** The experiment that clients use when none is named. */
const DEFAULT_ID = '0';
const DEFAULT_NAME = 'Default';

/** What everybody is told of something that is not there or not for them. */
export function missing(what: string): CordonError {
  return new CordonError('tracking.missing', `there is no ${what}, or the credential may not see it`);
}

/**
 * Throws unless the principal may do this in the namespace of the experiment. Who may not read there learns nothing. Why the
 * namespace: runs, models and artifacts have no permissions of their own.
 */
export function authorizeExperiment(principal: Principal, action: Action, experiment: Pick<Experiment, 'namespace' | 'id'>): void {
  if (!principal.can('read', experiment.namespace)) throw missing(`experiment ${experiment.id}`);
  if (!principal.can(action, experiment.namespace)) {
    throw new CordonError('access.denied', `${principal.name} may not ${action} in ${experiment.namespace}`);
  }
}

/** Creates an experiment; `acme/churn` lies in the namespace `acme` when the principal may write there. Throws `registry.conflict`. */
export async function createExperiment(
  context: RegistryContext,
  principal: Principal,
  name: string,
  tags: readonly Label[] = [],
): Promise<Experiment> {
  const namespace = namespaceFor(principal, name);
  const now = context.now();
  const id = newExperimentId(now);
  return insert(
    context,
    principal,
    { id, namespace, name, lifecycle: 'active', created_by: principal.id, created_at: now, updated_at: now },
    tags,
  );
}

async function insert(context: RegistryContext, principal: Principal, row: Experiment, tags: readonly Label[]): Promise<Experiment> {
  authorizeExperiment(principal, 'write', row);
  return context.store.transaction(async (tx) => {
    const taken = await tx
      .selectFrom('mlflow_experiment')
      .select(['id', 'lifecycle'])
      .where('namespace', '=', row.namespace)
      .where('name', '=', row.name)
      .executeTakeFirst();
    if (taken !== undefined) throw alreadyThere(row.name, taken.lifecycle);
    await tx.insertInto('mlflow_experiment').values(row).execute();
    await setTags(tx, row.id, row.id, tags);
    await appendEntry(tx, {
      kind: 'experiment.created',
      body: { experiment: row.id, namespace: row.namespace, name: row.name, by: principal.name },
    });
    return row;
  });
}

function alreadyThere(name: string, lifecycle: string): CordonError {
  const state = lifecycle === 'deleted' ? ' in the deleted state; restore it' : '';
  return new CordonError('registry.conflict', `the experiment ${JSON.stringify(name.slice(0, 200))} exists already${state}`);
}

/** Where an experiment of this name goes: the namespace it says, the common one, or that of the principal. */
function namespaceFor(principal: Principal, name: string): string {
  const said = name.split('/')[0] ?? '';
  if (name.includes('/') && isNamePart(said) && principal.can('write', said)) return said;
  return principal.can('write', DEFAULT_NAMESPACE) || !isNamePart(principal.name) ? DEFAULT_NAMESPACE : principal.name;
}

/** The experiment with this id, which the principal may do `action` in. Throws `tracking.missing` or `access.denied`. */
export async function openExperiment(
  context: RegistryContext,
  principal: Principal,
  id: string,
  action: Action = 'read',
): Promise<Experiment> {
  const row = await context.store.db.selectFrom('mlflow_experiment').selectAll().where('id', '=', id).executeTakeFirst();
  if (id === DEFAULT_ID && (row === undefined || !principal.can(action, row.namespace))) return defaultExperiment(context, principal);
  if (row === undefined) throw missing(`experiment ${JSON.stringify(id.slice(0, 64))}`);
  authorizeExperiment(principal, action, row);
  return row;
}

/** Why: `0` has to be there for everybody who starts a run without naming an experiment; who may not use the common one has an own one. */
async function defaultExperiment(context: RegistryContext, principal: Principal): Promise<Experiment> {
  const existing = await findExperiment(context, principal, DEFAULT_NAME);
  if (existing !== undefined && principal.can('write', existing.namespace)) return existing;
  const namespace = namespaceFor(principal, DEFAULT_NAME);
  const now = context.now();
  const id = namespace === DEFAULT_NAMESPACE ? DEFAULT_ID : newExperimentId(now);
  const row = { id, namespace, name: DEFAULT_NAME, created_by: principal.id, created_at: now, updated_at: now } as const;
  try {
    return await insert(context, principal, { ...row, lifecycle: 'active' }, []);
  } catch (error) {
    // Why: jobs that start together all ask for it first.
    const made = await findExperiment(context, principal, DEFAULT_NAME);
    if (made === undefined || !principal.can('write', made.namespace)) throw error;
    return made;
  }
}

function newExperimentId(now: number): string {
  return `${now}${String(randomInt(100_000)).padStart(5, '0')}`;
}

/** The experiment of this name that the principal may read: where it would create it, else the oldest. */
export async function findExperiment(context: RegistryContext, principal: Principal, name: string): Promise<Experiment | undefined> {
  const rows = await context.store.db.selectFrom('mlflow_experiment').selectAll().where('name', '=', name).orderBy('created_at').execute();
  const readable = rows.filter(({ namespace }) => principal.can('read', namespace));
  const own = namespaceFor(principal, name);
  return readable.find(({ namespace }) => namespace === own) ?? readable[0];
}

/** Gives an experiment another name. Throws `registry.conflict` when it is taken. */
export async function renameExperiment(context: RegistryContext, principal: Principal, id: string, name: string): Promise<void> {
  const experiment = await openExperiment(context, principal, id, 'write');
  await context.store.transaction(async (tx) => {
    const taken = await tx
      .selectFrom('mlflow_experiment')
      .select('lifecycle')
      .where('namespace', '=', experiment.namespace)
      .where('name', '=', name)
      .where('id', '!=', experiment.id)
      .executeTakeFirst();
    if (taken !== undefined) throw alreadyThere(name, taken.lifecycle);
    await tx.updateTable('mlflow_experiment').set({ name, updated_at: context.now() }).where('id', '=', experiment.id).execute();
    await appendEntry(tx, {
      kind: 'experiment.renamed',
      body: { experiment: experiment.id, namespace: experiment.namespace, from: experiment.name, to: name, by: principal.name },
    });
  });
}

/** Deletes an experiment, and its runs as long as it is, or brings it back: nothing is removed. */
export async function setExperimentLifecycle(
  context: RegistryContext,
  principal: Principal,
  id: string,
  lifecycle: Experiment['lifecycle'],
): Promise<void> {
  const experiment = await openExperiment(context, principal, id, 'delete');
  const now = context.now();
  await context.store.transaction(async (tx) => {
    await tx.updateTable('mlflow_experiment').set({ lifecycle, updated_at: now }).where('id', '=', experiment.id).execute();
    await appendEntry(tx, {
      kind: lifecycle === 'deleted' ? 'experiment.deleted' : 'experiment.restored',
      body: { experiment: experiment.id, namespace: experiment.namespace, by: principal.name },
    });
  });
}

/** Notes that something in an experiment changed. */
export async function touchExperiment(tx: Tx, id: string, now: number): Promise<void> {
  await tx.updateTable('mlflow_experiment').set({ updated_at: now }).where('id', '=', id).execute();
}

/** Refuses changes in what is deleted. Throws `request.invalid`. */
export function requireActive(thing: { readonly id: string; readonly lifecycle: string }): void {
  if (thing.lifecycle !== 'active') throw new CordonError('request.invalid', `${thing.id} is deleted; restore it before it is changed`);
}

/** The namespaces in which there are experiments and the principal may read. */
export async function readableNamespaces(context: RegistryContext, principal: Principal): Promise<readonly string[]> {
  const rows = await context.store.db.selectFrom('mlflow_experiment').select('namespace').distinct().execute();
  return rows.map(({ namespace }) => namespace).filter((namespace) => principal.can('read', namespace));
}
