import type { RegistryContext } from '../../engine/registry/context.ts';
import { labelsOf } from '../../engine/registry/tracking/labels.ts';
import { latestMetrics } from '../../engine/registry/tracking/metrics.ts';
import { linksOf } from '../../engine/registry/tracking/run-links.ts';
import type { Run } from '../../engine/registry/tracking/runs.ts';
import type { RunParts } from './messages.ts';

/** Everything a message about a run says. */
export async function runParts(context: RegistryContext, run: Run): Promise<RunParts> {
  const [parts] = await allRunParts(context, [run]);
  return parts as RunParts;
}

/** The same for several runs, with as many queries. */
export async function allRunParts(context: RegistryContext, runs: readonly Run[]): Promise<RunParts[]> {
  const { db } = context.store;
  const ids = runs.map(({ id }) => id);
  const [metrics, params, tags, links] = await Promise.all([
    latestMetrics(db, ids),
    labelsOf(db, 'mlflow_param', ids),
    labelsOf(db, 'mlflow_tag', ids),
    linksOf(db, ids),
  ]);
  return runs.map((run) => ({
    run,
    metrics: metrics.get(run.id) ?? [],
    params: params.get(run.id) ?? [],
    tags: tags.get(run.id) ?? [],
    links: links.get(run.id) ?? { datasets: [], models: [], outputs: [] },
  }));
}
