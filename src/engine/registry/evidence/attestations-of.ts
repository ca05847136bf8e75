import { createHash } from 'node:crypto';
import { CordonError, errorMessage } from '../../../core/errors.ts';
import type { Json } from '../../../core/artifact.ts';
import { isExpired } from '../../../evidence/attestations/gate-result.ts';
import { readBundle } from '../../../evidence/signature/bundle.ts';
import type { TrustPolicy } from '../../../evidence/signature/trust-policy.ts';
import type { VerifiedSigner } from '../../../evidence/signature/verified.ts';
import { verifyBundle } from '../../../evidence/signature/verify-bundle.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { trustedOwnKeys } from './own-keys.ts';

/** An attestation about a set of files, verified again by whom the registry trusts now. */
export interface KeptAttestation {
  readonly digest: string;
  readonly predicateType: string;
  /** Root digest it names. */
  readonly subject: string;
  /** Undefined: it does not count, and `problem` says why. */
  readonly signer: VerifiedSigner | undefined;
  readonly isOwn: boolean;
  readonly problem: string;
  readonly body: string;
  readonly predicate: Readonly<Record<string, Json>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * The attestations that were brought to a repository about a set of files, the newest statement first. Why verified again: a key that is not
 * trusted any more counts no more; the time that counts is when the registry received it, which is in the ledger.
 */
export async function attestationsOf(
  context: RegistryContext,
  repository: Repository,
  manifest: string,
): Promise<readonly KeptAttestation[]> {
  const rows = await context.store.db
    .selectFrom('attestation_use')
    .innerJoin('attestation', 'attestation.digest', 'attestation_use.attestation')
    .select(['attestation.digest', 'attestation.predicate_type', 'attestation.subject', 'attestation.body'])
    .select(['attestation_use.signer', 'attestation_use.problem', 'attestation_use.created_at'])
    .where('attestation_use.repository_id', '=', repository.id)
    .where('attestation_use.manifest', '=', manifest)
    .orderBy('attestation_use.created_at', 'desc')
    .orderBy('attestation.digest')
    .execute();
  const own: TrustPolicy = { keys: rows.length === 0 ? [] : await trustedOwnKeys(context) };
  const kept: KeptAttestation[] = [];
  for (const row of rows) {
    const known = {
      digest: row.digest,
      predicateType: row.predicate_type,
      subject: row.subject,
      body: row.body,
      createdAt: row.created_at,
      predicate: predicateOf(row.body),
    };
    if (row.signer === null) kept.push({ ...known, signer: undefined, isOwn: false, problem: row.problem });
    else kept.push({ ...known, ...(await verifiedAgain(context, row.body, row.created_at, own)) });
  }
  return byStatement(
    kept.map((one) => (isExpired(one.predicate, new Date(context.now())) ? { ...one, signer: undefined, problem: 'it has expired' } : one)),
  );
}

/**
 * Orders by when a statement came first. Why not by when its bundle came: the same statement in another spelling is another
 * bundle, so that anybody could bring an old result back as the newest.
 */
function byStatement(kept: readonly KeptAttestation[]): readonly KeptAttestation[] {
  const first = new Map<string, number>();
  const statements = kept.map((one) => ({ one, statement: one.signer === undefined ? one.digest : payloadDigest(one.body) }));
  for (const { one, statement } of statements) first.set(statement, Math.min(first.get(statement) ?? Infinity, one.createdAt));
  const since = ({ statement }: { readonly statement: string }): number => first.get(statement) ?? 0;
  return statements.toSorted((a, b) => since(b) - since(a)).map(({ one }) => one);
}

function payloadDigest(body: string): string {
  return createHash('sha256')
    .update(readBundle(Buffer.from(body)).payload)
    .digest('hex');
}

async function verifiedAgain(
  context: RegistryContext,
  body: string,
  receivedAt: number,
  own: TrustPolicy,
): Promise<Pick<KeptAttestation, 'signer' | 'isOwn' | 'problem'>> {
  const bytes = Buffer.from(body);
  const byOwn = await verifyBundle(bytes, own).catch(() => undefined);
  if (byOwn !== undefined) return { signer: byOwn.signer, isOwn: true, problem: '' };
  try {
    const { signer } = await verifyBundle(bytes, { ...context.trust, now: new Date(receivedAt) });
    return { signer, isOwn: false, problem: '' };
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    return { signer: undefined, isOwn: false, problem: errorMessage(error) };
  }
}

function predicateOf(body: string): Readonly<Record<string, Json>> {
  try {
    const { predicate } = JSON.parse(readBundle(Buffer.from(body)).payload.toString()) as { readonly predicate?: unknown };
    return typeof predicate === 'object' && predicate !== null ? (predicate as Readonly<Record<string, Json>>) : {};
  } catch {
    return {};
  }
}

/** By what names a signer can be demanded: fingerprint, subject of the certificate, identity alone or with its issuer. */
export function namesOfSigner(signer: VerifiedSigner): readonly string[] {
  if (signer.method === 'key') return [signer.fingerprint];
  if (signer.method === 'certificate') return [signer.fingerprint, signer.subject];
  return [signer.identity, `${signer.identity} (${signer.issuer})`];
}
