import type { Selectable } from 'kysely';
import type { Tx } from '../../../store/open-store.ts';
import type { MlflowLatestMetricTable, MlflowMetricTable } from '../../../store/schema/mlflow.ts';

/** A measured value on its way in. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly step: number;
  readonly modelId: string;
  readonly datasetName: string;
  readonly datasetDigest: string;
}

export type MetricPoint = Selectable<MlflowMetricTable>;
export type LatestMetric = Selectable<MlflowLatestMetricTable>;

const ROWS_AT_ONCE = 500;

/** Writes points of a run, and keeps the newest of each metric, also for the logged model it was measured on. */
export async function addMetrics(
  tx: Tx,
  run: { readonly id: string; readonly experiment_id: string },
  metrics: readonly Metric[],
): Promise<void> {
  for (let from = 0; from < metrics.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('mlflow_metric')
      .values(
        metrics.slice(from, from + ROWS_AT_ONCE).map(({ key, value, timestamp, step, modelId, datasetName, datasetDigest }) => ({
          run_id: run.id,
          key,
          step,
          timestamp,
          value: String(value),
          model_id: modelId,
          dataset_name: datasetName,
          dataset_digest: datasetDigest,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const newest = new Map<string, LatestMetric>();
  for (const metric of metrics) {
    const { key, value, timestamp, step, modelId, datasetName, datasetDigest } = metric;
    const row = { experiment_id: run.experiment_id, key, run_id: run.id, step, timestamp, value: Number.isNaN(value) ? null : value };
    keepNewer(newest, { ...row, owner: run.id, dataset_name: '', dataset_digest: '' });
    if (modelId !== '') keepNewer(newest, { ...row, owner: modelId, dataset_name: datasetName, dataset_digest: datasetDigest });
  }
  for (const row of newest.values()) await saveLatest(tx, row);
}

function keepNewer(newest: Map<string, LatestMetric>, row: LatestMetric): void {
  const id = JSON.stringify([row.owner, row.key, row.dataset_name, row.dataset_digest]);
  const before = newest.get(id);
  if (before === undefined || isNewer(row, before)) newest.set(id, row);
}

/** Later steps first, then later times, then larger values: the order MLflow uses. */
function isNewer(a: LatestMetric, b: LatestMetric): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return (a.value ?? -Infinity) >= (b.value ?? -Infinity);
}

async function saveLatest(tx: Tx, row: LatestMetric): Promise<void> {
  const before = await tx
    .selectFrom('mlflow_latest_metric')
    .selectAll()
    .where('owner', '=', row.owner)
    .where('key', '=', row.key)
    .where('dataset_name', '=', row.dataset_name)
    .where('dataset_digest', '=', row.dataset_digest)
    .executeTakeFirst();
  if (before !== undefined && !isNewer(row, before)) return;
  const { run_id, step, timestamp, value } = row;
  await tx
    .insertInto('mlflow_latest_metric')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['owner', 'key', 'dataset_name', 'dataset_digest']).doUpdateSet({ run_id, step, timestamp, value }),
    )
    .execute();
}

/** Newest metrics of several runs or logged models at once. */
export async function latestMetrics(
  db: Pick<Tx, 'selectFrom'>,
  owners: readonly string[],
): Promise<ReadonlyMap<string, readonly LatestMetric[]>> {
  const found = new Map<string, LatestMetric[]>(owners.map((owner) => [owner, []]));
  if (owners.length === 0) return found;
  const rows = await db
    .selectFrom('mlflow_latest_metric')
    .selectAll()
    .where('owner', 'in', [...owners])
    .orderBy('key')
    .execute();
  for (const row of rows) found.get(row.owner)?.push(row);
  return found;
}

/** Points of a metric in the order of their steps and times. */
export async function metricHistory(
  db: Pick<Tx, 'selectFrom'>,
  run: string,
  key: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<MetricPoint[]> {
  return db
    .selectFrom('mlflow_metric')
    .selectAll()
    .where('run_id', '=', run)
    .where('key', '=', key)
    .orderBy('step')
    .orderBy('timestamp')
    .orderBy('value')
    .offset(page.offset)
    .limit(page.limit)
    .execute();
}
