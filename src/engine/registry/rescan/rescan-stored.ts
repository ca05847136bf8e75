import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, errorMessage } from '../../../core/errors.ts';
import { settle } from '../admit.ts';
import { assess, scanEntry } from '../assess.ts';
import type { RegistryContext } from '../context.ts';
import { isChanged } from '../decide-again.ts';
import { askGate, openGate } from '../decide.ts';
import { DAMAGED, isWhole } from '../maintenance/damage.ts';
import { loadManifest } from '../manifest.ts';
import { outdatedManifests } from './outdated.ts';

/** How long older assessments stay beside newer ones. Why at all: a server of the former version may still be at work. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * Reads again what the scanners of today have not seen, one file after the other, and decides about each set of files when it is
 * whole. Goes on where it was broken off: what was read is kept at once.
 */
export async function rescanStored(
  context: RegistryContext,
  signal: AbortSignal,
): Promise<{ readonly rescanned: number; readonly failed: number }> {
  const ruleBook = await context.scanners.ruleBook();
  let [rescanned, failed] = [0, 0];
  for (const manifest of await outdatedManifests(context, ruleBook.digest)) {
    if (signal.aborted) break;
    try {
      for (const entry of await loadManifest(context.store.db, manifest)) {
        if (signal.aborted) return { rescanned, failed };
        await inItsShare(context, () => scanEntry(context, entry, ruleBook));
      }
      await decide(context, manifest);
      rescanned++;
    } catch (error) {
      failed++;
      context.log.error({ manifest, error: errorMessage(error) }, 'a revision was not scanned again');
    }
  }
  if (!signal.aborted) await forgetOlder(context, ruleBook.digest);
  return { rescanned, failed };
}

/** Why a pause: uploads and readers share disk and processor with this. */
async function inItsShare(context: RegistryContext, work: () => Promise<boolean>): Promise<void> {
  const started = performance.now();
  const hasRead = await work();
  const { rescanShare } = context.config.registry.maintenance;
  if (hasRead) await sleep((performance.now() - started) * (1 / rescanShare - 1));
}

async function decide(context: RegistryContext, manifest: string): Promise<void> {
  const rows = await context.store.db
    .selectFrom('admission')
    .innerJoin('repository', 'repository.id', 'admission.repository_id')
    .selectAll('repository')
    .select(['admission.manifest', 'admission.state', 'admission.reason', 'admission.expires_at'])
    .where('admission.manifest', '=', manifest)
    .where('admission.state', 'in', ['admitted', 'quarantined'])
    .execute();
  if (rows.length === 0) return;
  const assessed = await assess(context, manifest);
  const policy = await openGate(context, context.config.registry.ingest.gate);
  for (const { manifest: _, state, reason, expires_at, ...repository } of rows) {
    if (reason.startsWith(DAMAGED) && !(await isWhole(context, manifest))) continue;
    const report = await askGate(context, policy, repository, assessed);
    if (!(await isChanged(context, { manifest, state, expires_at }, report))) continue;
    await settle(context, repository, manifest, report).catch((error: unknown) => {
      // Deleted meanwhile.
      if (errorCode(error) !== 'revision.missing') throw error;
    });
  }
}

async function forgetOlder(context: RegistryContext, rules: string): Promise<void> {
  const { db } = context.store;
  await db
    .deleteFrom('assessment')
    .where('rules', '!=', rules)
    .where('created_at', '<', context.now() - KEPT_MS)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('assessment as newer')
          .select('newer.sha256')
          .whereRef('newer.sha256', '=', 'assessment.sha256')
          .whereRef('newer.path', '=', 'assessment.path')
          .where('newer.rules', '=', rules),
      ),
    )
    .execute();
}
