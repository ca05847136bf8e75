import type { Decision } from '../../core/decision.ts';
import { CordonError } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';
import type { Stage } from '../../core/registry-config.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Tx } from '../../store/open-store.ts';
import { admissionOf, blockedReason } from './admit.ts';
import { assess } from './assess.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { lockRepository } from './lock-repository.ts';
import { askGate, openGate, recordDecision } from './decide.ts';
import { attestationsOf } from './evidence/attestations-of.ts';
import { statementsAbout } from './evidence/bill-of-materials.ts';
import { promotionStatements } from './evidence/attest-promotion.ts';
import { hasBill, keepBill } from './evidence/keep-bill.ts';
import { keepOwn } from './evidence/keep-own.ts';
import { recordEvidence } from './evidence/record-evidence.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import { approvalsOf, reasonsOf, type Requirement, requirementsOf } from './requirements.ts';
import { rescan } from './rescan/forget-old.ts';
import type { Version } from './versions.ts';
import { endOfWaivers } from './waivers.ts';

/** What became of a promotion, complete enough for one screen. */
export interface Promotion {
  readonly isPromoted: boolean;
  readonly repository: string;
  readonly version: number;
  readonly stage: string;
  readonly decision: string;
  readonly gate: Omit<Decision, 'gate'> & { readonly name: string };
  readonly requirements: readonly Requirement[];
  readonly findings: Report['findings'];
}

/** How a promotion is carried out. */
export interface PromotionOptions {
  /** Only say what would happen. */
  readonly dryRun?: boolean;
  /** Versions that were in the stage leave it. Default true. */
  readonly replaces?: boolean;
  /** Where those go. Default: to no stage. */
  readonly replacedTo?: string;
}

/**
 * Asks the gate of a stage and what the stage requires, and moves the version there if all agree. A refusal is a result with
 * its reasons and is in the ledger like a promotion. Throws `access.denied` and `request.invalid`.
 */
export async function promote(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
  stageName: string,
  options: PromotionOptions = {},
): Promise<Promotion> {
  authorize(principal, 'promote', repository);
  const stage = stageNamed(context, stageName);
  await rescan(context, version.manifest, stage.requires.scanWithinHours);
  const assessed = await assess(context, version.manifest);
  await recordEvidence(context, repository, version.manifest);
  const said = await statementsAbout(context, repository, version.manifest);
  const asked = await askGate(context, await openGate(context, stage.gate), repository, assessed, said);
  const requirements = await requirementsOf(context, repository, version, stage, principal.id);
  const blocked = await stillBlocked(context, repository, version);
  const report = withReasons(asked, [...reasonsOf([...requirements, ...blocked])], `promote:${stage.name}`);
  const isAllowed = report.gate.effect !== 'deny';
  const outcome: Omit<Promotion, 'decision' | 'isPromoted'> = {
    repository: repositoryId(repository),
    version: version.number,
    stage: stage.name,
    gate: report.gate,
    requirements: [...requirements, ...blocked],
    findings: report.findings,
  };
  if (options.dryRun === true) return { ...outcome, isPromoted: false, decision: '' };
  const statements = isAllowed ? await evidenceOf(context, principal, repository, version, stage, report) : [];
  const decision = await carryOut(context, principal, repository, version, report, {
    stage: stage.name,
    isAllowed,
    replaces: options.replaces ?? true,
    replacedTo: options.replacedTo ?? '',
    requirements,
    statements,
  });
  context.announcer.wake();
  return { ...outcome, isPromoted: isAllowed, decision };
}

/** Makes the bill that the stage asks for, and signs the decision. */
async function evidenceOf(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
  stage: Stage,
  report: Report,
): Promise<Statements> {
  if (stage.requires.bom && !(await hasBill(context, repository, version.manifest)))
    await keepBill(context, repository, version, { format: 'cyclonedx', spec: '1.6' });
  const counted = (await attestationsOf(context, repository, version.manifest)).filter(({ signer }) => signer !== undefined);
  const approved = stage.requires.approvals === undefined ? undefined : await approvalsOf(context, version, stage, principal.id);
  const ends = [await endOfWaivers(context, report), approved?.endsAt].filter((end) => end !== undefined);
  return promotionStatements(context, repository, version, {
    stage: stage.name,
    gate: report.gate,
    evidence: counted.map(({ digest }) => digest),
    endsAt: ends.length === 0 ? undefined : Math.min(...ends),
  });
}

type Statements = Awaited<ReturnType<typeof promotionStatements>>;

function stageNamed(context: RegistryContext, name: string): Stage {
  const { stages } = context.config.registry;
  const stage = stages.find((one) => one.name === name);
  if (stage === undefined) {
    throw new CordonError(
      'request.invalid',
      `there is no stage ${JSON.stringify(name.slice(0, 64))}; there are ${stages.map((one) => one.name).join(', ')}`,
    );
  }
  return stage;
}

/** Why: a gate of a stage may be milder than that of the ingest; what is quarantined or recalled is promoted nowhere. */
async function stillBlocked(context: RegistryContext, repository: Repository, version: Version): Promise<Requirement[]> {
  const admission = await admissionOf(context, repository, version.manifest);
  if (admission?.state === 'admitted') return [];
  return [{ id: 'admission', title: 'admitted', isMet: false, detail: blockedReason(admission) }];
}

function withReasons(report: Report, reasons: Report['gate']['reasons'], name: string): Report {
  const all = [...report.gate.reasons, ...reasons];
  const effect = reasons.length > 0 ? 'deny' : report.gate.effect;
  return { ...report, gate: { ...report.gate, name, effect, reasons: all } };
}

async function carryOut(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
  report: Report,
  how: {
    readonly stage: string;
    readonly isAllowed: boolean;
    readonly replaces: boolean;
    readonly replacedTo: string;
    readonly requirements: readonly Requirement[];
    readonly statements: Statements;
  },
): Promise<string> {
  const { stage, isAllowed, replaces, replacedTo, requirements, statements } = how;
  const now = context.now();
  return context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    const decision = await recordDecision(tx, repository, version.manifest, report, now, {
      stage,
      version: version.number,
      requirements: requirements.map(({ id, isMet, detail }) => ({ id, isMet, detail })),
    });
    const replaced: number[] = [];
    if (isAllowed) {
      await requireStillAdmitted(tx, version);
      for (const statement of statements)
        if (context.attestor !== undefined) await keepOwn(tx, context, context.attestor, repository, version.manifest, statement);
      if (replaces) {
        const former = await tx
          .selectFrom('version')
          .select(['id', 'number'])
          .where('repository_id', '=', repository.id)
          .where('stage', '=', stage)
          .where('id', '!=', version.id)
          .execute();
        for (const { id, number } of former) {
          await tx.updateTable('version').set({ stage: replacedTo }).where('id', '=', id).execute();
          replaced.push(number);
        }
      }
      await tx.updateTable('version').set({ stage }).where('id', '=', version.id).execute();
    }
    const body = {
      repository: repositoryId(repository),
      kind: repository.kind,
      version: version.number,
      manifest: version.manifest,
      stage,
      replaced,
      decision: decision.id,
      row: decision.row,
      effect: decision.effect,
      policy: report.gate.policy,
      evidence: [...report.gate.evidence],
      by: principal.name,
    };
    const kind = isAllowed ? 'version.promoted' : 'promotion.denied';
    await context.announcer.announce(tx, kind, { ...body, reason: decision.reason });
    await appendEntry(tx, { kind, body });
    return decision.id;
  });
}

/** Why again: a recall may have come while the gate was asked. */
async function requireStillAdmitted(tx: Tx, { repository_id, manifest }: Version): Promise<void> {
  const row = await tx
    .selectFrom('admission')
    .select('state')
    .where('repository_id', '=', repository_id)
    .where('manifest', '=', manifest)
    .executeTakeFirst();
  if (row?.state !== 'admitted') throw new CordonError('registry.conflict', 'the version was recalled or quarantined meanwhile');
}
