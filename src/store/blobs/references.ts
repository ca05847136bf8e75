import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { Schema } from '../schema/index.ts';

/**
 * True for a row of `blob` that nothing keeps: no manifest, no artifact of a run, no live lease, no xorb, no upload that announced the same content. A table
 * that comes to refer to blobs gets its line here, and a foreign key, without which forgetting the line would lose bytes.
 */
export function isGarbage(
  row: ExpressionBuilder<Schema, 'blob'>,
  now: number,
  graceMs: number,
): ExpressionWrapper<Schema, 'blob', SqlBool> {
  const { not, exists, selectFrom } = row;
  return row.and([
    row('blob.created_at', '<=', now - graceMs),
    not(exists(selectFrom('manifest_entry').select('manifest_entry.sha256').whereRef('manifest_entry.sha256', '=', 'blob.sha256'))),
    not(exists(selectFrom('mlflow_artifact').select('mlflow_artifact.sha256').whereRef('mlflow_artifact.sha256', '=', 'blob.sha256'))),
    not(
      exists(
        selectFrom('blob_lease')
          .select('blob_lease.sha256')
          .whereRef('blob_lease.sha256', '=', 'blob.sha256')
          .where('blob_lease.expires_at', '>', now),
      ),
    ),
    not(
      exists(
        selectFrom('xet_xorb')
          .select('xet_xorb.sha256')
          .whereRef('xet_xorb.sha256', '=', 'blob.sha256')
          .where('xet_xorb.expires_at', '>', now),
      ),
    ),
    not(
      exists(
        selectFrom('upload').select('upload.sha256').whereRef('upload.sha256', '=', 'blob.sha256').where('upload.expires_at', '>', now),
      ),
    ),
  ]);
}
