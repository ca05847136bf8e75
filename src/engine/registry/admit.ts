import type { Selectable } from 'kysely';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';
import { appendEntries } from '../../evidence/ledger/append.ts';
import type { Tx } from '../../store/open-store.ts';
import type { AdmissionTable } from '../../store/schema/repositories.ts';
import { assess } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { expectConversion, isConverted } from './conversion/conversions.ts';
import { Current } from './current.ts';
import { askGate, openGate, recordDecision } from './decide.ts';
import { recordEvidence } from './evidence/record-evidence.ts';
import { repositoryId } from './names.ts';
import { recallOf } from './recalls.ts';
import type { Repository } from './repositories.ts';
import { endOfWaivers, restsOnEnded } from './waivers.ts';

export type Admission = Selectable<AdmissionTable>;

/** By repository and manifest. */
const ADMISSIONS = new Current<Admission>(20_000);

/** May the manifest be served from this repository? Undefined: it never came here. */
export async function admissionOf(context: RegistryContext, repository: Repository, manifest: string): Promise<Admission | undefined> {
  const admission = await ADMISSIONS.get(context.store, `${repository.id} ${manifest}`, () =>
    context.store.db
      .selectFrom('admission')
      .selectAll()
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      .executeTakeFirst(),
  );
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

/** What a gate said of a manifest. */
export interface Verdict {
  readonly repository: Repository;
  readonly manifest: string;
  readonly report: Report;
}

/** Writes down what a gate said of a manifest, with the ledger entry, in one transaction. */
export async function settle(context: RegistryContext, repository: Repository, manifest: string, report: Report): Promise<Admission> {
  const [settled] = await settleAll(context, [{ repository, manifest, report }]);
  return settled as Admission;
}

/** The same for several at once, all or nothing. Why: a transaction waits for the disk. */
export async function settleAll(context: RegistryContext, verdicts: readonly Verdict[]): Promise<readonly Admission[]> {
  const ends = await Promise.all(verdicts.map(({ report }) => endOfWaivers(context, report)));
  const settled = await context.store.transaction(async (tx) => {
    const admissions: Admission[] = [];
    const entries = [];
    for (const [index, verdict] of verdicts.entries()) {
      const { admission, entry } = await settleIn(tx, context, verdict, ends[index]);
      admissions.push(admission);
      entries.push(entry);
    }
    await appendEntries(tx, entries);
    return admissions;
  });
  context.announcer.wake();
  for (const { manifest, state, repository_id: repository } of settled) context.log.info({ repository, manifest, state }, 'gate decided');
  return settled;
}

async function settleIn(
  tx: Tx,
  context: RegistryContext,
  { repository, manifest, report }: Verdict,
  expiresAt: number | undefined,
): Promise<{ readonly admission: Admission; readonly entry: Parameters<typeof appendEntries>[1][number] }> {
  const now = context.now();
  const decision = await recordDecision(tx, repository, manifest, report, now);
  const isOver = decision.effect !== 'deny' && (await restsOnEnded(tx, report, now));
  // Why again: a recall of the files, or of a content in them, may have come between the commit and this.
  const recalled = await recallOf(tx, repository, manifest);
  const decided: Admission['state'] = isOver ? 'pending' : decision.effect === 'deny' ? 'quarantined' : 'admitted';
  const state = recalled === undefined ? decided : 'recalled';
  const reason = recalled ?? (isOver ? 'a waiver has ended, not decided again yet' : decision.reason);
  const { numUpdatedRows } = await tx
    .updateTable('admission')
    .set({ state, decision_id: decision.id, reason, updated_at: now, expires_at: expiresAt ?? null })
    .where('repository_id', '=', repository.id)
    .where('manifest', '=', manifest)
    // Why: a recall may have come while the scan ran.
    .where('state', '!=', 'recalled')
    .executeTakeFirst();
  const admission = await tx
    .selectFrom('admission')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .where('manifest', '=', manifest)
    .executeTakeFirst();
  // Why: the repository was deleted while the scan ran.
  if (admission === undefined) throw new CordonError('revision.missing', `${repositoryId(repository)} has no manifest ${manifest}`);
  const told = { repository: repositoryId(repository), kind: repository.kind, manifest };
  const isApplied = numUpdatedRows > 0n && !isOver && recalled === undefined;
  if (isApplied) {
    const event = state === 'quarantined' ? 'artifact.quarantined' : 'artifact.admitted';
    await context.announcer.announce(tx, event, { ...told, reason: decision.reason });
  }
  const { reviewed } = context.config.registry.convert;
  if (isApplied && isConverted(context, repository) && (state === 'quarantined' || (reviewed && decision.effect === 'warn')))
    await expectConversion(tx, context, repository, manifest, { reason: decision.reason, rules: report.tool.rules });
  const entry = {
    kind: 'gate.decided',
    body: {
      ...told,
      gate: report.gate.name,
      effect: decision.effect,
      decision: decision.id,
      row: decision.row,
      expiresAt: expiresAt ?? null,
      policy: report.gate.policy,
      evidence: [...report.gate.evidence],
      rules: report.tool.rules,
      applied: isApplied,
    },
  };
  return { admission, entry };
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
