import { bundleFromJSON, type SerializedBundle } from '@sigstore/bundle';
import { type SignedEntity, toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Bundle } from './bundle.ts';
import { malformedSignature } from './strict-json.ts';
import type { TrustedIdentity, TrustPolicy } from './trust-policy.ts';
import { publicTrustedRoot } from './trusted-root.ts';
import type { SigningTime, VerifiedPayload } from './verified.ts';

/**
 * Method `sigstore`: certificate of the instance's authority, at least one inclusion in its log, at least one signed time, one
 * signed certificate timestamp, then identity and issuer. All of it offline.
 */
export async function verifyBySigstore(bundle: Bundle, policy: TrustPolicy): Promise<Pick<VerifiedPayload, 'signer' | 'time'>> {
  const entity = entityOf(bundle);
  const root = policy.sigstore ?? (await publicTrustedRoot());
  const { subjectAlternativeName: identity, issuer } = identityOf(entity, root);
  if (identity === undefined || issuer === undefined)
    throw new CordonError('signature.untrusted', 'the certificate names no identity or no issuer');
  if (!(policy.identities ?? []).some((trusted) => trusted.issuer === issuer && matches(trusted, identity)))
    throw new CordonError('signature.untrusted', `signed by ${identity} (${issuer}), who is not among the trusted identities`);
  return { signer: { method: 'sigstore', identity, issuer }, time: timeOf(entity) };
}

function entityOf(bundle: Bundle): SignedEntity {
  try {
    return toSignedEntity(bundleFromJSON(bundle.json as SerializedBundle));
  } catch (error) {
    throw malformedSignature(`the keyless bundle cannot be read: ${errorMessage(error)}`, error);
  }
}

function identityOf(entity: SignedEntity, root: Parameters<typeof toTrustMaterial>[0]) {
  try {
    const { identity } = new Verifier(toTrustMaterial(root)).verify(entity);
    return { subjectAlternativeName: identity?.subjectAlternativeName, issuer: identity?.extensions?.issuer };
  } catch (error) {
    throw new CordonError('signature.invalid', `the keyless signature does not hold: ${errorMessage(error)}`, { cause: error });
  }
}

/** Why not the library's comparison: it searches for the expected name anywhere in the actual one. */
function matches({ identity: pattern }: TrustedIdentity, identity: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(identity);
}

/** The first time the library verified. */
function timeOf(entity: SignedEntity): SigningTime {
  for (const stamp of entity.timestamps) {
    if (stamp.$case === 'timestamp-authority') return { basis: 'rfc3161', at: stamp.timestamp.signingTime.toISOString() };
    if (stamp.tlogEntry.inclusionPromise !== undefined)
      return { basis: 'transparency-log', at: new Date(Number(stamp.tlogEntry.integratedTime) * 1000).toISOString() };
  }
  throw new CordonError('signature.untimed', 'the keyless signature has no signed time');
}
