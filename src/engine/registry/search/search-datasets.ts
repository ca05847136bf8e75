import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { openExperiment } from '../tracking/experiments.ts';

/** A dataset that a run of an experiment read. */
export interface FoundDataset {
  readonly experiment: string;
  readonly name: string;
  readonly digest: string;
  /** `training`, `evaluation`; empty: not said. */
  readonly context: string;
}

const AT_MOST = 1_000;

/** Datasets of experiments that the principal may read, each once. */
export async function searchDatasets(
  context: RegistryContext,
  principal: Principal,
  experiments: readonly string[],
): Promise<FoundDataset[]> {
  const opened = await Promise.all(experiments.map((id) => openExperiment(context, principal, id)));
  if (opened.length === 0) return [];
  return context.store.db
    .selectFrom('mlflow_input')
    .select(['experiment_id as experiment', 'name', 'digest', 'context'])
    .distinct()
    .where(
      'experiment_id',
      'in',
      opened.map(({ id }) => id),
    )
    .where('kind', '=', 'dataset')
    .orderBy('name')
    .orderBy('digest')
    .limit(AT_MOST)
    .execute();
}
