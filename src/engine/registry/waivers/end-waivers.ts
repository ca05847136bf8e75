import { errorMessage } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { admit } from '../admit.ts';
import type { RegistryContext } from '../context.ts';

/** Why: one round must not hold the others up. */
const AT_ONCE = 1_000;

/**
 * Announces waivers that have ended and decides again what rested on them. Answers how many decisions were made. Readers do not
 * depend on it: what rests on an ended waiver is not served, whether this has run or not.
 */
export async function endWaivers(context: RegistryContext): Promise<number> {
  await announceEnded(context);
  const rows = await context.store.db
    .selectFrom('admission')
    .innerJoin('repository', 'repository.id', 'admission.repository_id')
    .selectAll('repository')
    .select('admission.manifest')
    .where('admission.expires_at', '<=', context.now())
    .where('admission.state', '=', 'admitted')
    .limit(AT_ONCE)
    .execute();
  for (const { manifest, ...repository } of rows) {
    try {
      await admit(context, repository, manifest);
    } catch (error) {
      context.log.error({ manifest, error: errorMessage(error) }, 'what rested on a waiver could not be decided again');
    }
  }
  return rows.length;
}

async function announceEnded(context: RegistryContext): Promise<void> {
  const now = context.now();
  const ended = await context.store.db
    .selectFrom('registry_waiver')
    .leftJoin('repository', 'repository.id', 'registry_waiver.repository_id')
    .select(['registry_waiver.id', 'registry_waiver.body', 'repository.namespace', 'repository.name'])
    .where('registry_waiver.expires_at', '<=', now)
    .where('registry_waiver.ended_at', 'is', null)
    .where('registry_waiver.revoked_at', 'is', null)
    .where('registry_waiver.approved_by', 'is not', null)
    .limit(AT_ONCE)
    .execute();
  for (const { id, body, namespace, name } of ended) {
    const { rule, reason, owner } = JSON.parse(body) as { readonly rule: string; readonly reason: string; readonly owner: string };
    const told = { waiver: id, repository: namespace === null ? '' : `${namespace}/${name}`, rule, reason, owner };
    await context.store.transaction(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('registry_waiver')
        .set({ ended_at: now })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      // Why: another server may have been first.
      if (numUpdatedRows === 0n) return;
      await context.announcer.announce(tx, 'waiver.expired', told);
      await appendEntry(tx, { kind: 'waiver.expired', body: told });
    });
    context.log.warn(told, 'a waiver has expired: its findings count again');
  }
  if (ended.length > 0) context.announcer.wake();
}
