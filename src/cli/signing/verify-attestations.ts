import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { isExpired } from '../../evidence/attestations/gate-result.ts';
import { type VerifiedAttestation, verifyAttestation } from '../../evidence/attestations/verify-attestation.ts';
import type { Manifest } from '../../evidence/oms/manifest.ts';
import type { TrustPolicy } from '../../evidence/signature/trust-policy.ts';
import { signerText } from '../../evidence/signature/verified.ts';
import type { Io } from '../io.ts';
import { readBounded } from './read-bounded.ts';

/** Verifies attestation files against a model whose bytes were just compared. Throws `signature.*` for the first that does not hold. */
export async function verifyAttestations(
  files: readonly string[],
  policy: TrustPolicy,
  model: Manifest,
  io: Io,
): Promise<VerifiedAttestation[]> {
  const verified: VerifiedAttestation[] = [];
  for (const file of files) {
    const one = await verifyAttestation(readBounded(file, io), policy, model);
    if (isExpired(one.statement.predicate, policy.now ?? new Date()))
      throw new CordonError('signature.untrusted', `${file} has expired: ${String(one.statement.predicate['expiresAt'])}`);
    verified.push(one);
  }
  return verified;
}

/** What an attestation proves and what its signer only says, for people. */
export function attestationText(file: string, { statement, signer, claims }: VerifiedAttestation): string {
  const declared = claims
    .filter(({ basis, what }) => basis === 'declared' && what !== 'predicateType')
    .map(({ what }) => what.replace('predicate.', ''));
  const proven = claims.filter(({ basis }) => basis === 'proven').map(({ what }) => what);
  return [
    `attestation ${printable(file)}: ${printable(statement.predicateType)}`,
    `  proven: ${proven.join(', ')} (${printable(signerText(signer))})`,
    `  declared by the signer: ${printable(declared.join(', '))}`,
    '',
  ].join('\n');
}
