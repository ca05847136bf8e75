import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { CordonError, errorMessage } from '../core/errors.ts';

/** The curves OMS allows, by the names OpenSSL gives them, and the hash that belongs to each. */
const CURVES = {
  prime256v1: { name: 'P-256', hash: 'sha256' },
  secp384r1: { name: 'P-384', hash: 'sha384' },
  secp521r1: { name: 'P-521', hash: 'sha512' },
} as const;

/** A curve and its hash. */
export type Curve = (typeof CURVES)[keyof typeof CURVES];

/** Curves by the names people use. */
export const CURVE_NAMES = Object.values(CURVES).map(({ name }) => name);

/** The curve of a key; throws `key.invalid` for every other sort of key. Why no others: no other tool would verify the signature. */
export function curveOf(key: KeyObject): Curve {
  const named = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : key.asymmetricKeyType;
  const curve = CURVES[named as keyof typeof CURVES] as Curve | undefined;
  if (curve === undefined)
    throw new CordonError('key.invalid', `the key is ${named ?? 'unknown'}; signatures use ${CURVE_NAMES.join(', ')}`);
  return curve;
}

/** SHA-256 over the PEM of the public key with its last line feed, hexadecimal: the hint other OMS tools write and expect. */
export function keyFingerprint(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKeyPem(publicKey)).digest('hex');
}

/** The public key as SubjectPublicKeyInfo in PEM. */
export function publicKeyPem(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** A public key from PEM; also takes a certificate or a private key, of which the public half is used. Throws `key.invalid`. */
export function readPublicKey(pem: string | Buffer, name: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    curveOf(key);
    return key;
  } catch (error) {
    if (error instanceof CordonError) throw new CordonError('key.invalid', `${name}: ${error.message}`, { cause: error });
    throw new CordonError('key.invalid', `${name} is no public key in PEM: ${errorMessage(error)}`, { cause: error });
  }
}

/** ECDSA with the hash of the curve, as DER. */
export function signEcdsa(privateKey: KeyObject, data: Uint8Array): Buffer {
  return sign(curveOf(privateKey).hash, data, { key: privateKey, dsaEncoding: 'der' });
}

/** Whether a DER signature is by this key over this data, hashed as the curve demands. */
export function verifyEcdsa(publicKey: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(curveOf(publicKey).hash, data, { key: publicKey, dsaEncoding: 'der' }, signature);
  } catch (error) {
    if (error instanceof CordonError) throw error;
    return false;
  }
}
