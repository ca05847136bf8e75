import type { X509Certificate } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import { curveOf, keyFingerprint } from '../../vault/ec-key.ts';
import type { Signer } from '../../vault/signer.ts';
import { findChain, nameOf } from './certificate-chain.ts';
import { preAuthEncoding } from './pae.ts';
import { bundleJson } from './write-bundle.ts';

/** Turns a payload into a signed bundle: the one thing that the methods of OMS do differently. */
export type Seal = (payloadType: string, payload: Uint8Array) => Promise<string>;

/** Asks a time-stamping authority for timestamps over a signature; see `timestamp.ts`. */
export type Stamp = (signature: Uint8Array) => Promise<readonly Uint8Array[]>;

/** Method `key`. */
export function keySeal(signer: Signer, stamp?: Stamp): Seal {
  curveOf(signer.publicKey);
  return async (payloadType, payload) => {
    const signature = await signer.sign(preAuthEncoding(payloadType, payload));
    const timestamps = await stamp?.(signature);
    const material = { hint: keyFingerprint(signer.publicKey) };
    return bundleJson({ payloadType, payload, signature, material, ...(timestamps !== undefined && { timestamps }) });
  };
}

/**
 * Method `certificate`: `chain` begins with the signing certificate. Throws `key.invalid` when it is not of the key, may not sign,
 * or does not lead to the last one: nobody could verify such a bundle.
 */
export function certificateSeal(signer: Signer, chain: readonly X509Certificate[], stamp?: Stamp): Seal {
  const [leaf] = chain;
  const top = chain.at(-1);
  if (leaf === undefined || top === undefined) throw new CordonError('key.invalid', 'there is no signing certificate');
  curveOf(signer.publicKey);
  if (keyFingerprint(leaf.publicKey) !== keyFingerprint(signer.publicKey))
    throw new CordonError('key.invalid', `the certificate ${nameOf(leaf)} is not of the signing key`);
  const found = findChain(leaf, chain.slice(1), [top]);
  if ('reasons' in found) throw new CordonError('key.invalid', `the certificate cannot be used: ${found.reasons.join('; ')}`);
  return async (payloadType, payload) => {
    const signature = await signer.sign(preAuthEncoding(payloadType, payload));
    const timestamps = await stamp?.(signature);
    const material = { chain: chain.map(({ raw }) => raw) };
    return bundleJson({ payloadType, payload, signature, material, ...(timestamps !== undefined && { timestamps }) });
  };
}
