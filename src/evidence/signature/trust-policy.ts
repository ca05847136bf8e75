import type { KeyObject, X509Certificate } from 'node:crypto';
import type { TrustedRoot } from './trusted-root.ts';

/** A public key somebody decided to trust, and for how long: rotation is two of them with windows that overlap. */
export interface TrustedKey {
  readonly publicKey: KeyObject;
  readonly name: string;
  readonly from?: Date;
  readonly until?: Date;
}

/** Who may have signed keylessly: both are compared, because an e-mail address means nothing without who vouched for it. */
export interface TrustedIdentity {
  /** The subject alternative name of the certificate; `*` stands for any characters except `/`. */
  readonly identity: string;
  /** The OIDC issuer, exactly. */
  readonly issuer: string;
}

/** Whom a verifier trusts. What is not named is not trusted; nothing of it is ever read from what is verified. */
export interface TrustPolicy {
  readonly keys?: readonly TrustedKey[];
  /** Certification authorities (or single signing certificates) that are pinned. */
  readonly authorities?: readonly X509Certificate[];
  readonly identities?: readonly TrustedIdentity[];
  /** Roots of a Sigstore instance. Default: the public one, as of this release. */
  readonly sigstore?: TrustedRoot;
  /** Chains (leaf first) of RFC 3161 time-stamping authorities besides those of `sigstore`. */
  readonly timestampAuthorities?: readonly (readonly X509Certificate[])[];
  /**
   * Accept certificates and keys that are not valid now although nothing proves that they were when they signed. The result says
   * so. Default: no.
   */
  readonly allowUntimed?: boolean;
  /** The time of verification. Default: now. */
  readonly now?: Date;
}
