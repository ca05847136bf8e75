import { appendEntry } from '../../../evidence/ledger/append.ts';
import { collectGarbage, type GarbageReport } from '../../../store/collect-garbage.ts';
import { pruneJobs } from '../../../store/jobs/queue.ts';
import { scrub, type ScrubReport } from '../../../store/scrub.ts';
import type { RegistryContext } from '../context.ts';
import { recountAll } from '../quotas.ts';
import { quarantineDamaged } from './damage.ts';

const HOUR_MS = 3_600_000;

/** Removes what nothing refers to, uploads that nobody finished, and jobs that are done. What was removed is in the ledger. */
export async function collect(context: RegistryContext, options: { readonly dryRun?: boolean } = {}): Promise<GarbageReport> {
  const { graceHours, keepJobsDays } = context.config.registry.maintenance;
  const { dryRun = false } = options;
  const report = await collectGarbage(context.store, context.blobs, { graceMs: graceHours * HOUR_MS, dryRun, now: context.now() });
  if (dryRun) return report;
  await recountAll(context);
  await pruneJobs(context.store.db, context.now() - keepJobsDays * 24 * HOUR_MS);
  if (report.blobs + report.manifests > 0)
    await context.store.transaction((tx) => appendEntry(tx, { kind: 'garbage.collected', body: { ...report } }));
  context.log.info({ ...report }, 'garbage collected');
  return report;
}

/** Compares stored files with their digests for some time; revisions with damaged files are not served any more. */
export async function checkContent(context: RegistryContext, forMs: number, after?: string): Promise<ScrubReport> {
  const damaged: Parameters<typeof quarantineDamaged>[1][] = [];
  const report = await scrub(context.store, context.blobs, {
    forMs,
    ...(after !== undefined && { after }),
    onDamage: (damage) => damaged.push(damage),
  });
  for (const damage of damaged) await quarantineDamaged(context, damage);
  context.log.info({ ...report }, 'stored files checked');
  return report;
}
