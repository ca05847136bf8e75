import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { errorCode, errorMessage } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import { inputDocument } from '../../policy/input-document.ts';
import type { Policy } from '../../policy/open-policy.ts';
import { settleAll, type Verdict } from './admit.ts';
import { assess } from './assess.ts';
import { assessedTogether } from './assessed-together.ts';
import type { RegistryContext } from './context.ts';
import { type Changed, isChanged, verdictOf } from './decide-again.ts';
import { askGate, openGate } from './decide.ts';
import { DAMAGED, isWhole } from './maintenance/damage.ts';
import { olderAssessment } from './rescan/older-assessment.ts';
import { type Batched, batchesOfAdmissions } from './retro-batches.ts';

/** What deciding again came to. */
export interface RetroHunt {
  readonly decided: number;
  readonly changed: readonly Changed[];
  /** Never scanned under the rules of this build: scanned again, with `rescan`, or decided from what older rules saw. */
  readonly outdated: number;
}

export interface RetroOptions {
  /** Only list what would change. */
  readonly dryRun?: boolean;
  /** Read the bytes again of what was never scanned under the rules of this build. */
  readonly rescan?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
  /** Ends it after the batch under way; the next start takes it up again. */
  readonly signal?: AbortSignal;
}

const FINISHED = 'retro.finished';

/**
 * Asks the gate of the ingest again about everything stored, from what scanners said then: no bytes are read. What is refused
 * now is quarantined from the next request on; what is allowed now is served. A recall stays. What older scanners saw is judged by the
 * rules of today as far as the facts they left allow; what needs the bytes is read again in the background.
 */
export async function retro(context: RegistryContext, options: RetroOptions = {}): Promise<RetroHunt> {
  const { dryRun = false, rescan = false } = options;
  const policy = await openGate(context, context.config.registry.ingest.gate);
  const ruleBook = await context.scanners.ruleBook();
  const { digest } = ruleBook;
  const basis = await basisOf(context, policy, digest);
  const changed: Changed[] = [];
  let [decided, outdated, done] = [0, 0, 0];
  for await (const { rows, all } of batchesOfAdmissions(context)) {
    const stored = await assessedTogether(context, [...new Set(rows.map(({ manifest }) => manifest))], digest);
    const verdicts: Verdict[] = [];
    for (const row of rows) {
      done++;
      const current = stored.get(row.manifest);
      if (current === undefined) outdated++;
      const assessed =
        current ?? (await (rescan && !dryRun ? assess(context, row.manifest) : olderAssessment(context, row.manifest, ruleBook)));
      if (assessed === undefined || (await isStillDamaged(context, row))) continue;
      const { manifest, repository } = row;
      const report = await askGate(context, policy, repository, assessed);
      decided++;
      if (await isChanged(context, row, report)) verdicts.push({ repository, manifest, report });
      const change = verdictOf(repository, row, report);
      if (change !== undefined) changed.push(change);
    }
    if (!dryRun && verdicts.length > 0) await applied(context, verdicts);
    options.onProgress?.(done, all);
    if (options.signal?.aborted === true) return { decided, changed, outdated };
  }
  if (!dryRun) {
    const body = { decided, changed: changed.length, outdated, policy: context.config.registry.ingest.gate, basis };
    await context.store.transaction((tx) => appendEntry(tx, { kind: FINISHED, body }));
  }
  return { decided, changed, outdated };
}

/** Decides again when the rules, the gate or the waivers of the configuration are others than at the last time. Never throws. */
export async function retroIfChanged(context: RegistryContext, signal?: AbortSignal): Promise<RetroHunt | undefined> {
  try {
    if ((await context.store.db.selectFrom('admission').select('manifest').limit(1).executeTakeFirst()) === undefined) return undefined;
    const policy = await openGate(context, context.config.registry.ingest.gate);
    const basis = await basisOf(context, policy, (await context.scanners.ruleBook()).digest);
    const last = await context.store.db
      .selectFrom('ledger')
      .select('body')
      .where('kind', '=', FINISHED)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (last !== undefined && (JSON.parse(last.body) as { readonly basis?: string }).basis === basis) return undefined;
    context.log.info({}, 'rules or policy have changed: everything stored is decided again');
    const hunt = await retro(context, {
      ...(signal !== undefined && { signal }),
      onProgress: (done, all) => context.log.info({ done, all }, 'decided again'),
    });
    const { decided, changed, outdated } = hunt;
    context.log.info({ decided, changed: changed.length, outdated }, 'everything stored was decided again');
    return hunt;
  } catch (error) {
    context.log.error({ error: errorMessage(error) }, 'what is stored was not decided again; run cordon retro');
    return undefined;
  }
}

/** Why one by one after a failure: a repository that was deleted meanwhile must not keep the others from being decided. */
async function applied(context: RegistryContext, verdicts: readonly Verdict[]): Promise<void> {
  try {
    await settleAll(context, verdicts);
  } catch (error) {
    if (errorCode(error) !== 'revision.missing') throw error;
    for (const verdict of verdicts) {
      await settleAll(context, [verdict]).catch((again: unknown) => {
        if (errorCode(again) !== 'revision.missing') throw again;
      });
    }
  }
}

/** Digest over everything that a decision depends on besides the artifacts. */
async function basisOf(context: RegistryContext, policy: Policy, rules: string): Promise<string> {
  const { gate } = policy;
  const decision = await policy.decide(inputDocument({ findings: [], artifacts: [], completeness: 'complete', gate, waivers: [] }));
  const { waivers, waiverPolicy } = context.config;
  return createHash('sha256')
    .update(canonicalJson({ rules, gate, policy: decision.policy, waivers, waiverPolicy }))
    .digest('hex');
}

async function isStillDamaged(context: RegistryContext, { reason, manifest }: Batched): Promise<boolean> {
  return reason.startsWith(DAMAGED) && !(await isWhole(context, manifest));
}
