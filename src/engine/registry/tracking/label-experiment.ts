import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { missing, openExperiment, requireActive, touchExperiment } from './experiments.ts';
import { deleteTag, setTags } from './labels.ts';

/** Sets a tag of an experiment; `undefined` takes it away, and throws `tracking.missing` when it is not there. */
export async function labelExperiment(
  context: RegistryContext,
  principal: Principal,
  id: string,
  key: string,
  value: string | undefined,
): Promise<void> {
  const experiment = await openExperiment(context, principal, id, 'write');
  requireActive(experiment);
  await context.store.transaction(async (tx) => {
    if (value !== undefined) await setTags(tx, experiment.id, experiment.id, [{ key, value }]);
    else if (!(await deleteTag(tx, experiment.id, key))) throw missing(`tag ${JSON.stringify(key.slice(0, 200))}`);
    await touchExperiment(tx, experiment.id, context.now());
    await appendEntry(tx, {
      kind: 'experiment.tagged',
      body: { experiment: experiment.id, key, value: value?.slice(0, 1_000) ?? null, by: principal.name },
    });
  });
}
