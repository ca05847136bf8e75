import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Damage } from '../../../store/scrub.ts';
import type { RegistryContext } from '../context.ts';

/** How the reason of a quarantine begins that damage caused: no rule lifts it before the bytes are back. */
export const DAMAGED = 'Cordon: a stored file is damaged';

/**
 * Stops serving every revision that holds a damaged file, and tells it. Uploading the same content again and `cordon retro` bring
 * them back.
 */
export async function quarantineDamaged(
  context: RegistryContext,
  { sha256, problem }: Pick<Damage, 'sha256' | 'problem'>,
): Promise<number> {
  const now = context.now();
  const reason = `${DAMAGED}: ${sha256} is ${problem}; upload it again`;
  const count = await context.store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('admission')
      .set({ state: 'quarantined', reason, updated_at: now, expires_at: null })
      .where('state', 'in', ['admitted', 'pending'])
      .where('manifest', 'in', tx.selectFrom('manifest_entry').select('manifest').where('sha256', '=', sha256))
      .executeTakeFirst();
    const body = { sha256, problem, revisions: Number(numUpdatedRows) };
    await context.announcer.announce(tx, 'content.damaged', body);
    await appendEntry(tx, { kind: 'content.damaged', body });
    return Number(numUpdatedRows);
  });
  context.announcer.wake();
  context.log.error({ sha256, problem, revisions: count }, 'a stored file is damaged');
  return count;
}

/** Whether all files of a manifest are in the store. */
export async function isWhole(context: RegistryContext, manifest: string): Promise<boolean> {
  const rows = await context.store.db.selectFrom('manifest_entry').select(['sha256', 'size']).where('manifest', '=', manifest).execute();
  for (const { sha256, size } of rows) if ((await context.blobs.size(sha256)) !== size) return false;
  return true;
}
