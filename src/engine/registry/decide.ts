import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json } from '../../core/artifact.ts';
import type { Effect } from '../../core/decision.ts';
import { printable } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import type { Waiver } from '../../core/waiver.ts';
import type { VerifiedAttestation } from '../../evidence/attestations/verify-attestation.ts';
import { openPolicy, type Policy } from '../../policy/open-policy.ts';
import { decisionDigest } from '../../store/act-digests.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import { judge } from '../judge.ts';
import type { Assessed } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { withContradictions } from './contradictions.ts';
import type { Repository } from './repositories.ts';
import { waiversFor } from './waivers.ts';

/** Findings kept with a decision; all of them can be made again from the assessments. */
const FINDINGS_KEPT = 100;
const REASON_CHARACTERS = 600;

/** Opens a gate of the configuration. */
export function openGate(context: RegistryContext, gate: string): Promise<Policy> {
  return openPolicy(context.config, gate, {
    readBundle: (path) => readFile(resolve(context.configFolder, path)),
    secret: (reference) => context.secrets.get(reference),
  });
}

/**
 * Asks a gate about what is known of a manifest, what its card says that is not so included, with the waivers that concern it; without a
 * repository, only those for all. Reads no bytes.
 */
export async function askGate(
  context: RegistryContext,
  policy: Policy,
  repository: Repository | undefined,
  known: Assessed,
  attestations: readonly VerifiedAttestation[] = [],
): Promise<Report> {
  const assessed = repository === undefined ? known : withContradictions(known, repository, attestations);
  const waivers: readonly Waiver[] = await waiversFor(context, repository, assessed.findings);
  return judge(assessed, {
    config: { ...context.config, waivers: [...waivers] },
    policy,
    today: new Date(context.now()).toISOString().slice(0, 10),
    rules: assessed.rules,
  });
}

/** A decision as it is stored. */
export interface StoredDecision {
  readonly id: string;
  readonly effect: Effect;
  /** For people: what refuses it, in one line. */
  readonly reason: string;
  /** Digest of its row, for the ledger. */
  readonly row: string;
}

/** Keeps a decision with what it was made on. */
export async function recordDecision(
  tx: Tx,
  repository: Repository | undefined,
  manifest: string,
  report: Report,
  now: number,
  extra: { readonly [key: string]: Json } = {},
): Promise<StoredDecision> {
  const id = newId();
  const { gate } = report;
  const findings = report.findings.slice(0, FINDINGS_KEPT).map(({ rule, severity, message, location, fingerprint, suppressed }) => ({
    rule,
    severity,
    message,
    path: location.path,
    fingerprint,
    suppressed: suppressed !== undefined,
  }));
  const body = {
    gate,
    verdict: report.verdict,
    completeness: report.completeness,
    findings,
    // Those that cover something: what is served rests on them.
    waivers: report.waivers
      .filter((waiver) => waiver.findings.length > 0)
      .map((waiver) => ({ id: waiver.id, status: waiver.status, expires: waiver.expires })),
    tool: report.tool,
    stats: report.stats,
    ...extra,
  };
  const row = {
    id,
    gate: gate.name,
    effect: gate.effect,
    repository_id: repository?.id ?? null,
    subject: manifest,
    policy: gate.policy,
    body: JSON.stringify(body),
    created_at: now,
  };
  await tx.insertInto('decision').values(row).execute();
  return { id, effect: gate.effect, reason: reasonOf(report), row: decisionDigest(row) };
}

/** One line: the gate, what it says, and the worst findings. */
export function reasonOf(report: Report): string {
  const { name, effect, reasons } = report.gate;
  if (effect !== 'deny')
    return effect === 'warn'
      ? reasons
          .map(({ message }) => message)
          .join('; ')
          .slice(0, REASON_CHARACTERS)
      : '';
  const said = reasons.filter((reason) => reason.effect === 'deny').map(({ message }) => message);
  const worst = report.findings
    .filter(({ suppressed, severity }) => suppressed === undefined && severity !== 'info' && severity !== 'low')
    .slice(0, 3)
    .map(({ rule, message, location }) => `${location.path}: ${message} (${rule})`);
  return printable(`Cordon: the gate ${name} refuses it. ${[...said, ...worst].join('; ')}`).slice(0, REASON_CHARACTERS);
}
