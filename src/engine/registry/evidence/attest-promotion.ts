import type { Report } from '../../../core/report.ts';
import { type GateResult, verificationResult, verificationSummary } from '../../../evidence/attestations/gate-result.ts';
import { PREDICATES } from '../../../evidence/attestations/predicate-types.ts';
import { VERSION } from '../../build.ts';
import type { RegistryContext } from '../context.ts';
import { loadManifest } from '../manifest.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import type { Version } from '../versions.ts';
import type { NewAttestation } from './keep-attestation.ts';
import { omsManifest } from './views.ts';

const DAY_MS = 86_400_000;

/** A promotion that was allowed. */
export interface AllowedPromotion {
  readonly stage: string;
  readonly gate: Report['gate'];
  /** Digests of the attestations that counted. */
  readonly evidence: readonly string[];
  /** When the first waiver or approval ends on which it rests, epoch milliseconds. */
  readonly endsAt: number | undefined;
}

/**
 * The signed verification summary (VSA) and simple verification result (SVR) of a promotion: what others check instead of all the
 * evidence. They expire, because a recall cannot reach those who verify offline.
 */
export async function promotionStatements(
  context: RegistryContext,
  repository: Repository,
  version: Version,
  { stage, gate, evidence, endsAt }: AllowedPromotion,
): Promise<readonly Pick<NewAttestation, 'body' | 'subject' | 'predicateType'>[]> {
  const { attestor } = context;
  if (attestor === undefined) return [];
  const now = context.now();
  const expiresAt = Math.min(now + context.config.registry.signing.validDays * DAY_MS, endsAt ?? Infinity);
  const result: GateResult = {
    verifier: context.config.server.publicUrl ?? 'urn:cordon:registry',
    version: { cordon: VERSION },
    decidedAt: new Date(now).toISOString(),
    resource: `hf://${repository.kind === 'model' ? '' : `${repository.kind}s/`}${repositoryId(repository)}@v${version.number}`,
    gate: gate.name.replace(/^promote:/, 'promote-'),
    stage,
    isAllowed: true,
    policy: gate.policy,
    evidence,
    expiresAt: new Date(expiresAt).toISOString(),
  };
  const manifest = omsManifest(await loadManifest(context.store.db, version.manifest), `${repositoryId(repository)}@v${version.number}`);
  const statements = [
    { predicateType: PREDICATES.verificationSummary, predicate: verificationSummary(result) },
    { predicateType: PREDICATES.verificationResult, predicate: verificationResult(result) ?? {} },
  ];
  return Promise.all(
    statements.map(async ({ predicateType, predicate }) => ({
      body: await attestor.attest(manifest, predicateType, predicate),
      subject: manifest.rootDigest,
      predicateType,
    })),
  );
}
