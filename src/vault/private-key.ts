import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CordonError } from '../core/errors.ts';
import { curveOf, CURVE_NAMES, publicKeyPem, signEcdsa } from './ec-key.ts';
import type { Signer } from './signer.ts';

const OPENSSL_NAMES: Readonly<Record<string, string>> = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };

/**
 * A signer from a private key in PEM (PKCS#8 or SEC 1, also encrypted). Throws `key.invalid`; the message never quotes the key,
 * and the library's own message is dropped because it may.
 */
export function privateKeySigner(pem: string | Buffer, passphrase: string | undefined, name: string): Signer {
  const key = readPrivateKey(pem, passphrase, name);
  curveOf(key);
  return { publicKey: createPublicKey(key), sign: async (data) => signEcdsa(key, data) };
}

function readPrivateKey(pem: string | Buffer, passphrase: string | undefined, name: string): KeyObject {
  const isEncrypted = /ENCRYPTED/.test(pem.toString());
  if (isEncrypted && passphrase === undefined) throw new CordonError('key.invalid', `${name} is encrypted and no passphrase was given`);
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    throw new CordonError('key.invalid', isEncrypted ? `${name}: the passphrase is wrong` : `${name} is no private key in PEM`);
  }
}

/** A fresh key pair in PEM; the private half is encrypted (PKCS#8, AES-256-CBC) when a passphrase is given. */
export function generateKey(curve: string, passphrase: string | undefined): { privatePem: string; publicPem: string } {
  const namedCurve = OPENSSL_NAMES[curve];
  if (namedCurve === undefined) throw new CordonError('usage.invalid', `unknown curve ${curve}; known: ${CURVE_NAMES.join(', ')}`);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }) as string;
  return { privatePem, publicPem: publicKeyPem(publicKey) };
}
