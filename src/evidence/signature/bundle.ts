import * as z from 'zod';
import { base64, malformedSignature, readStrictJson } from './strict-json.ts';

/** Media type of the bundles Cordon writes. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
/** Why 128 MiB: a manifest takes about 200 bytes for a file, a third more as base64; 400,000 files fit. */
export const MAX_BUNDLE_BYTES = 128 * 1024 * 1024;
/** Why: chains are three certificates long, and every candidate costs a signature check. */
const MAX_CERTIFICATES = 10;
const MAX_CERTIFICATE_BYTES = 64 * 1024;
const MAX_TIMESTAMPS = 8;
const MAX_LOG_ENTRIES = 8;

const Certificate = z.strictObject({ rawBytes: base64(MAX_CERTIFICATE_BYTES) });
const Timestamps = z.strictObject({
  rfc3161Timestamps: z
    .array(z.strictObject({ signedTimestamp: base64(MAX_CERTIFICATE_BYTES) }))
    .max(MAX_TIMESTAMPS)
    .nullish(),
});

/** A Sigstore bundle around a DSSE envelope, as OMS and attestations use it. Fields nobody knows are refused, not skipped. */
const BundleJson = z.strictObject({
  mediaType: z
    .string()
    .regex(/^application\/vnd\.dev\.sigstore\.bundle(\+json;version=0\.[123]|\.v0\.3\+json)$/, 'is no Sigstore bundle 0.1 to 0.3'),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string().max(1000).nullish() }).nullish(),
    x509CertificateChain: z.strictObject({ certificates: z.array(Certificate).min(1).max(MAX_CERTIFICATES) }).nullish(),
    certificate: Certificate.nullish(),
    tlogEntries: z.array(z.unknown()).max(MAX_LOG_ENTRIES).nullish(),
    timestampVerificationData: Timestamps.nullish(),
  }),
  dsseEnvelope: z.strictObject({
    payload: base64(MAX_BUNDLE_BYTES),
    payloadType: z.string().min(1).max(200),
    // Why exactly one: with several it would be unclear which of them the verifier judged.
    signatures: z
      .array(z.strictObject({ sig: base64(4096), keyid: z.string().max(1000).nullish() }))
      .length(1, 'must be exactly one signature'),
  }),
});

/** What of a bundle proves who signed: exactly one of the three OMS methods. */
export type Material =
  | { readonly method: 'key'; readonly hint: string | undefined }
  | { readonly method: 'certificate'; readonly chain: readonly Buffer[] }
  | { readonly method: 'sigstore' };

/** A parsed bundle; nothing in it is verified yet. */
export interface Bundle {
  readonly material: Material;
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly timestamps: readonly Buffer[];
  /** The JSON as parsed, for the Sigstore library. */
  readonly json: unknown;
}

/** Reads a bundle, bounded; throws `signature.malformed`. */
export function readBundle(bytes: Uint8Array): Bundle {
  const json = readStrictJson(bytes, z.unknown(), 'the bundle', MAX_BUNDLE_BYTES);
  const parsed = BundleJson.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformedSignature(`the bundle at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is no bundle'}`);
  }
  const { verificationMaterial, dsseEnvelope } = parsed.data;
  const [signature] = dsseEnvelope.signatures;
  if (signature === undefined || signature.sig.length === 0) throw malformedSignature('the bundle has no signature');
  return {
    material: materialOf(verificationMaterial),
    payloadType: dsseEnvelope.payloadType,
    payload: dsseEnvelope.payload,
    signature: signature.sig,
    timestamps: verificationMaterial.timestampVerificationData?.rfc3161Timestamps?.map((stamp) => stamp.signedTimestamp) ?? [],
    json,
  };
}

function materialOf(material: z.infer<typeof BundleJson>['verificationMaterial']): Material {
  const { publicKey, x509CertificateChain: chain, certificate, tlogEntries } = material;
  if ([publicKey, chain, certificate].filter((item) => item !== undefined && item !== null).length !== 1)
    throw malformedSignature('the bundle must have exactly one of publicKey, x509CertificateChain and certificate');
  const hasEntries = (tlogEntries ?? []).length > 0;
  // A transparency log entry beside a certificate makes it the keyless method: then the whole of it must hold.
  if (publicKey === undefined || publicKey === null) {
    if (hasEntries) return { method: 'sigstore' };
    const certificates = chain?.certificates ?? (certificate ? [certificate] : []);
    return { method: 'certificate', chain: certificates.map(({ rawBytes }) => rawBytes) };
  }
  if (hasEntries) throw malformedSignature('the bundle has a public key and transparency log entries; OMS knows no such method');
  return { method: 'key', hint: publicKey.hint ?? undefined };
}
