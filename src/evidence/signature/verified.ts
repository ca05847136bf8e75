/** Who signed, as verified. */
export type VerifiedSigner =
  | { readonly method: 'key'; readonly fingerprint: string; readonly name: string }
  | { readonly method: 'certificate'; readonly subject: string; readonly issuer: string; readonly fingerprint: string }
  | { readonly method: 'sigstore'; readonly identity: string; readonly issuer: string };

/**
 * When it was signed and how that is known: by a time-stamping authority, by a transparency log, not at all but what is trusted
 * is valid now (`clock`), or not at all (`untimed`).
 */
export interface SigningTime {
  readonly basis: 'rfc3161' | 'transparency-log' | 'clock' | 'untimed';
  /** ISO 8601; null when nothing proves a time. */
  readonly at: string | null;
}

/** A payload whose signature holds, by somebody who is trusted. */
export interface VerifiedPayload {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signer: VerifiedSigner;
  readonly time: SigningTime;
}

/** One line that names the signer, for people and for the `signer` column. */
export function signerText(signer: VerifiedSigner): string {
  if (signer.method === 'key') return `key ${signer.name} (${signer.fingerprint})`;
  if (signer.method === 'certificate') return `certificate ${signer.subject} (${signer.fingerprint})`;
  return `${signer.identity} (${signer.issuer})`;
}
