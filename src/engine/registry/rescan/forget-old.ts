import type { RegistryContext } from '../context.ts';

const HOUR_MS = 60 * 60 * 1_000;

/**
 * Forgets what scanners said of a manifest when it is older than the given hours, so that the next assessment reads the bytes
 * again. Undefined: nothing is too old, because a scan under the same rules says the same.
 */
export async function rescan(context: RegistryContext, manifest: string, withinHours: number | undefined): Promise<void> {
  if (withinHours === undefined) return;
  const oldest = context.now() - withinHours * HOUR_MS;
  const { db } = context.store;
  await db
    .deleteFrom('assessment')
    .where('created_at', '<', oldest)
    .where((where) =>
      where.or([
        where('sha256', '=', manifest),
        where('sha256', 'in', db.selectFrom('manifest_entry').select('sha256').where('manifest', '=', manifest)),
      ]),
    )
    .execute();
}
