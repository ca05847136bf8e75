import { CordonError } from '../../core/errors.ts';
import { type Bundle, readBundle } from './bundle.ts';
import type { TrustPolicy } from './trust-policy.ts';
import type { VerifiedPayload } from './verified.ts';

/**
 * Verifies a bundle against a policy, without any network. Throws `signature.malformed`, `signature.invalid`,
 * `signature.untrusted` or `signature.untimed`. What the payload says is the caller's to judge.
 */
export async function verifyBundle(bytes: Uint8Array, policy: TrustPolicy): Promise<VerifiedPayload> {
  const bundle = readBundle(bytes);
  const { payloadType, payload } = bundle;
  return { payloadType, payload, ...(await signerOf(bundle, policy)) };
}

async function signerOf(bundle: Bundle, policy: TrustPolicy): Promise<Pick<VerifiedPayload, 'signer' | 'time'>> {
  const { material } = bundle;
  if (material.method === 'key') {
    const { verifyByKey } = await import('./verify-key.ts');
    return verifyByKey(bundle, material.hint, policy);
  }
  if (material.method === 'certificate') {
    const { verifyByCertificate } = await import('./verify-certificate.ts');
    return verifyByCertificate(bundle, material.chain, policy);
  }
  if ((policy.identities ?? []).length === 0)
    throw new CordonError('signature.untrusted', 'the bundle is signed keylessly and no identity and issuer are trusted');
  const { verifyBySigstore } = await import('./verify-sigstore.ts');
  return verifyBySigstore(bundle, policy);
}
