import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../core/canonical-json.ts';
import type { Tx } from '../../../store/open-store.ts';

/** SHA-256 over parameters, newest metrics and artifact digests of a run: what it had logged can be compared later. */
export async function runDigest(tx: Tx, run: string): Promise<string> {
  const params = await tx.selectFrom('mlflow_param').select(['key', 'value']).where('owner', '=', run).orderBy('key').execute();
  const metrics = await tx
    .selectFrom('mlflow_latest_metric')
    .select(['key', 'step', 'timestamp', 'value'])
    .where('owner', '=', run)
    .orderBy('key')
    .execute();
  const artifacts = await tx.selectFrom('mlflow_artifact').select(['path', 'sha256']).where('owner', '=', run).orderBy('path').execute();
  // Why as text: canonical JSON has no infinities.
  const rows = metrics.map(({ key, step, timestamp, value }) => ({ key, step, timestamp, value: String(value) }));
  return createHash('sha256')
    .update(canonicalJson({ params, metrics: rows, artifacts }))
    .digest('hex');
}
