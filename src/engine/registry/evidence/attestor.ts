import type { Manifest } from '../../../evidence/oms/manifest.ts';
import { IN_TOTO_PAYLOAD, statementOf } from '../../../evidence/oms/statement.ts';
import { statementAbout, statementBytes } from '../../../evidence/attestations/statement.ts';
import { keySeal } from '../../../evidence/signature/seal.ts';
import { keyFingerprint, publicKeyPem } from '../../../vault/ec-key.ts';
import type { Signer } from '../../../vault/signer.ts';

/** Signs what the registry itself says. */
export interface Attestor {
  /** SHA-256 over the PEM of the public key, hexadecimal. */
  readonly fingerprint: string;
  /** Public key, PEM. */
  readonly publicKey: string;
  /** An OMS signature over a set of files, as a bundle. */
  signFiles(manifest: Manifest): Promise<string>;
  /** A statement about a set of files, as a bundle. */
  attest(manifest: Manifest, predicateType: string, predicate: object): Promise<string>;
}

/** The registry's voice with this key. */
export function attestorOf(signer: Signer): Attestor {
  const seal = keySeal(signer);
  return {
    fingerprint: keyFingerprint(signer.publicKey),
    publicKey: publicKeyPem(signer.publicKey),
    signFiles: (manifest) => seal(IN_TOTO_PAYLOAD, statementOf(manifest)),
    attest: (manifest, predicateType, predicate) =>
      seal(IN_TOTO_PAYLOAD, statementBytes(statementAbout(manifest, predicateType, predicate))),
  };
}
