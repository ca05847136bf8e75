import { createHash, type KeyObject } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import { curveOf, verifyEcdsa } from '../ec-key.ts';
import type { Signer } from '../signer.ts';

/**
 * A signer whose private half is with a key manager, which is given digests only. Why verified each time: a manager that uses another
 * key than the bundle names must be noticed here, not by whoever verifies the model.
 */
export function checkedSigner(publicKey: KeyObject, name: string, signDigest: (digest: Buffer) => Promise<Buffer>): Signer {
  const { hash } = curveOf(publicKey);
  return {
    publicKey,
    async sign(data) {
      const signature = await signDigest(createHash(hash).update(data).digest());
      if (!verifyEcdsa(publicKey, data, signature))
        throw new CordonError('key.unavailable', `the signature of ${name} does not match its public half`);
      return signature;
    },
  };
}
