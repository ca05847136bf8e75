import { X509Certificate } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import { curveOf, verifyEcdsa } from '../../vault/ec-key.ts';
import type { Bundle } from './bundle.ts';
import { findChain, nameOf } from './certificate-chain.ts';
import { preAuthEncoding } from './pae.ts';
import { isWithin, signingTimes } from './signing-time.ts';
import { malformedSignature } from './strict-json.ts';
import type { TrustPolicy } from './trust-policy.ts';
import type { VerifiedPayload } from './verified.ts';

/**
 * Method `certificate`: a chain from the signing certificate to a pinned one, valid when it signed. Why not at the certificate's
 * own start, as the reference implementation does: expired and revoked certificates would verify for ever.
 */
export async function verifyByCertificate(
  bundle: Bundle,
  ders: readonly Buffer[],
  policy: TrustPolicy,
): Promise<Pick<VerifiedPayload, 'signer' | 'time'>> {
  const anchors = policy.authorities ?? [];
  if (anchors.length === 0)
    throw new CordonError('signature.untrusted', 'the bundle is signed with a certificate and no certification authority is trusted');
  const [leaf, ...others] = ders.map(readDer);
  if (leaf === undefined) throw malformedSignature('the bundle has no certificate');
  const found = findChain(leaf, others, anchors);
  if ('reasons' in found)
    throw new CordonError('signature.untrusted', `the signing certificate ${nameOf(leaf)}: ${found.reasons.join('; ')}`);
  curveOf(leaf.publicKey);
  if (!verifyEcdsa(leaf.publicKey, preAuthEncoding(bundle.payloadType, bundle.payload), bundle.signature))
    throw new CordonError('signature.invalid', 'the signature does not match the payload and the certificate');
  const isValidAt = (at: Date): boolean =>
    found.chain.every(({ validFrom, validTo }) => isWithin(at, new Date(validFrom), new Date(validTo)));
  const time = await signingTimes(bundle, policy, isValidAt, `the certificate chain of ${nameOf(leaf)}`);
  const fingerprint = leaf.fingerprint256.replaceAll(':', '').toLowerCase();
  return {
    signer: { method: 'certificate', subject: nameOf(leaf), issuer: leaf.issuer.split('\n').join(', ').slice(0, 200), fingerprint },
    time,
  };
}

function readDer(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw malformedSignature('the bundle has a certificate that cannot be read', error);
  }
}
