import { CordonError } from '../../core/errors.ts';
import { keyFingerprint, verifyEcdsa } from '../../vault/ec-key.ts';
import type { Bundle } from './bundle.ts';
import { preAuthEncoding } from './pae.ts';
import { isWithin, signingTimes } from './signing-time.ts';
import type { TrustedKey, TrustPolicy } from './trust-policy.ts';
import type { VerifiedPayload } from './verified.ts';

/** Method `key`: one of the trusted keys made the signature, and was to be trusted when it did. */
export async function verifyByKey(
  bundle: Bundle,
  hint: string | undefined,
  policy: TrustPolicy,
): Promise<Pick<VerifiedPayload, 'signer' | 'time'>> {
  const key = keyOf(bundle, hint, policy.keys ?? []);
  const fingerprint = keyFingerprint(key.publicKey);
  const time = await signingTimes(bundle, policy, (at) => isWithin(at, key.from, key.until), `the key ${key.name}`);
  return { signer: { method: 'key', fingerprint, name: key.name }, time };
}

function keyOf(bundle: Bundle, hint: string | undefined, keys: readonly TrustedKey[]): TrustedKey {
  if (keys.length === 0) throw new CordonError('signature.untrusted', 'the bundle is signed with a key and no key is trusted');
  // The hint is not signed: it only picks. Without one every trusted key is tried.
  const candidates = hint === undefined || hint === '' ? keys : keys.filter(({ publicKey }) => keyFingerprint(publicKey) === hint);
  if (candidates.length === 0)
    throw new CordonError('signature.untrusted', `the bundle names the key ${hint?.slice(0, 80)}, which is not among the trusted ones`);
  const signed = preAuthEncoding(bundle.payloadType, bundle.payload);
  const key = candidates.find(({ publicKey }) => verifyEcdsa(publicKey, signed, bundle.signature));
  if (key === undefined) throw new CordonError('signature.invalid', 'the signature does not match the payload and the key');
  return key;
}
