import type { Selectable } from 'kysely';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { AdmissionTable } from '../../store/schema/repositories.ts';
import { assess } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { askGate, openGate, recordDecision } from './decide.ts';
import { recordEvidence } from './evidence/record-evidence.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import { endOfWaivers } from './waivers.ts';

export type Admission = Selectable<AdmissionTable>;

/** May the manifest be served from this repository? Undefined: it never came here. */
export async function admissionOf(context: RegistryContext, repository: Repository, manifest: string): Promise<Admission | undefined> {
  const admission = await context.store.db
    .selectFrom('admission')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .where('manifest', '=', manifest)
    .executeTakeFirst();
  const hasEnded = admission?.state === 'admitted' && admission.expires_at !== null && admission.expires_at <= context.now();
  // Why here: no timer may be late for this, and every reader comes by.
  return hasEnded ? { ...admission, state: 'pending', reason: 'a waiver has ended, not decided again yet' } : admission;
}

/**
 * Scans what was not scanned, asks the gate of the ingest and writes down what it says. At the same time for the same manifest
 * it happens once. A recalled manifest stays recalled.
 */
export function admit(context: RegistryContext, repository: Repository, manifest: string): Promise<Admission> {
  return context.admissions.once(`${repository.id} ${manifest}`, async () => {
    const before = await admissionOf(context, repository, manifest);
    if (before === undefined) throw new CordonError('revision.missing', `${repositoryId(repository)} has no manifest ${manifest}`);
    if (before.state !== 'pending') return before;
    const assessed = await assess(context, manifest);
    const policy = await openGate(context, context.config.registry.ingest.gate);
    const report = await askGate(context, policy, repository, assessed);
    const settled = await settle(context, repository, manifest, report);
    if (settled.state === 'admitted') void recordEvidence(context, repository, manifest);
    return settled;
  });
}

/** Writes down what a gate said of a manifest, with the ledger entry, in one transaction. */
export async function settle(context: RegistryContext, repository: Repository, manifest: string, report: Report): Promise<Admission> {
  const now = context.now();
  const expiresAt = await endOfWaivers(context, report);
  const settled = await context.store.transaction(async (tx) => {
    const decision = await recordDecision(tx, repository, manifest, report, now);
    const state: Admission['state'] = decision.effect === 'deny' ? 'quarantined' : 'admitted';
    const { numUpdatedRows } = await tx
      .updateTable('admission')
      .set({ state, decision_id: decision.id, reason: decision.reason, updated_at: now, expires_at: expiresAt ?? null })
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      // Why: a recall may have come while the scan ran.
      .where('state', '!=', 'recalled')
      .executeTakeFirst();
    await appendEntry(tx, {
      kind: 'gate.decided',
      body: {
        repository: repositoryId(repository),
        kind: repository.kind,
        manifest,
        gate: report.gate.name,
        effect: decision.effect,
        decision: decision.id,
        policy: report.gate.policy,
        evidence: [...report.gate.evidence],
        rules: report.tool.rules,
        applied: numUpdatedRows > 0n,
      },
    });
    const admission = await tx
      .selectFrom('admission')
      .selectAll()
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      .executeTakeFirstOrThrow();
    await context.announcer.announce(tx, state === 'quarantined' ? 'artifact.quarantined' : 'artifact.admitted', {
      repository: repositoryId(repository),
      kind: repository.kind,
      manifest,
      reason: decision.reason,
    });
    return admission;
  });
  context.announcer.wake();
  context.log.info({ repository: repositoryId(repository), manifest, state: settled.state }, 'gate decided');
  return settled;
}

/**
 * Returns when the manifest may be served; waits for a scan that is under way, as long as the configuration says. Throws
 * `registry.blocked` with the reason in every other case.
 */
export async function requireAdmitted(context: RegistryContext, repository: Repository, manifest: string): Promise<Admission> {
  let admission = await admissionOf(context, repository, manifest);
  if (admission?.state === 'pending') {
    const waitMs = context.config.registry.ingest.waitSeconds * 1_000;
    admission = await within(waitMs, admit(context, repository, manifest), admission);
  }
  if (admission?.state === 'admitted') return admission;
  throw new CordonError('registry.blocked', blockedReason(admission));
}

/** What a client is told of something that is not served. */
export function blockedReason(admission: Admission | undefined): string {
  if (admission === undefined) return 'Cordon: no gate has decided about this revision';
  if (admission.state === 'pending') return 'Cordon: this revision is still being scanned, try again in a moment';
  return admission.reason === '' ? `Cordon: this revision is ${admission.state}` : admission.reason;
}

/** Decides everything that a crash or restart left undecided. */
export async function admitPending(context: RegistryContext): Promise<number> {
  const rows = await context.store.db
    .selectFrom('admission')
    .innerJoin('repository', 'repository.id', 'admission.repository_id')
    .selectAll('repository')
    .select('admission.manifest')
    .where('admission.state', '=', 'pending')
    .execute();
  for (const { manifest, ...repository } of rows) {
    try {
      await admit(context, repository, manifest);
    } catch (error) {
      context.log.error({ manifest, error: errorMessage(error) }, 'a pending revision could not be decided');
    }
  }
  return rows.length;
}

async function within<Value>(ms: number, work: Promise<Value>, otherwise: Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Value>((settled) => {
    timer = setTimeout(() => settled(otherwise), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Why: when time ran out nobody else looks at how it ends; the next reader starts it again.
    work.catch(() => {});
  }
}
