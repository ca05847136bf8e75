import { BUNDLE_MEDIA_TYPE } from './bundle.ts';

/** What {@link bundleJson} puts together. */
export interface BundleParts {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly material: { readonly hint: string } | { readonly chain: readonly Uint8Array[] };
  readonly timestamps?: readonly Uint8Array[];
}

/** The bundle of the methods `key` and `certificate` in the normative form of OMS 1.0. */
export function bundleJson({ payloadType, payload, signature, material, timestamps = [] }: BundleParts): string {
  const verificationMaterial = {
    ...('hint' in material
      ? { publicKey: { hint: material.hint } }
      : { x509CertificateChain: { certificates: material.chain.map((der) => ({ rawBytes: text(der) })) } }),
    tlogEntries: [],
    ...(timestamps.length > 0 && {
      timestampVerificationData: { rfc3161Timestamps: timestamps.map((stamp) => ({ signedTimestamp: text(stamp) })) },
    }),
  };
  const dsseEnvelope = { payload: text(payload), payloadType, signatures: [{ sig: text(signature), keyid: '' }] };
  return `${JSON.stringify({ mediaType: BUNDLE_MEDIA_TYPE, verificationMaterial, dsseEnvelope })}\n`;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
