import type { KeyObject } from 'node:crypto';

/**
 * A key that signs without saying where it lies: a file, an environment variable, or a service that never gives it out. All a
 * key manager has to offer is its public half and ECDSA over one of the NIST curves.
 */
export interface Signer {
  readonly publicKey: KeyObject;
  /** The ASN.1 DER signature over `data`, hashed as the curve demands (see `ec-key.ts`). */
  sign(data: Uint8Array): Promise<Buffer>;
}
