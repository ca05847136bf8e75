import type { toTrustMaterial } from '@sigstore/verify';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { base64, readStrictJson } from './strict-json.ts';

/** Certification authorities, logs and time-stamping authorities of one Sigstore instance, as its library wants them. */
export type TrustedRoot = Parameters<typeof toTrustMaterial>[0];

const MAX_ROOT_BYTES = 1024 * 1024;
const HASH_SHA2_256 = 1;
/** What the Sigstore library reads as "SubjectPublicKeyInfo"; the sort of key stands in the key itself. */
const KEY_SPKI = 5;

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Range = z.object({ start: Time.optional(), end: Time.optional() }).optional();
const Authority = z
  .object({
    uri: z.string().default(''),
    certChain: z.object({ certificates: z.array(z.object({ rawBytes: base64(64 * 1024) })).min(1) }),
    validFor: Range,
  })
  .transform((authority) => ({ ...authority, subject: undefined, operator: '' }));
const Log = z
  .object({
    baseUrl: z.string().default(''),
    publicKey: z.object({
      rawBytes: base64(64 * 1024),
      keyDetails: z.string().regex(/^PKIX_(ECDSA|ED25519)/, 'only ECDSA and Ed25519 keys of logs are read'),
      validFor: Range,
    }),
    logId: z.object({ keyId: base64(64) }),
    checkpointKeyId: z.object({ keyId: base64(64) }).optional(),
  })
  .transform(({ publicKey, ...log }) => ({
    ...log,
    checkpointKeyId: log.checkpointKeyId,
    hashAlgorithm: HASH_SHA2_256,
    operator: '',
    publicKey: { rawBytes: publicKey.rawBytes, keyDetails: KEY_SPKI, validFor: publicKey.validFor },
  }));

const Root = z.object({
  mediaType: z.string().regex(/^application\/vnd\.dev\.sigstore\.trustedroot/, 'is no trusted root'),
  tlogs: z.array(Log).default([]),
  certificateAuthorities: z.array(Authority).default([]),
  ctlogs: z.array(Log).default([]),
  timestampAuthorities: z.array(Authority).default([]),
});

/** Reads a `trusted_root.json`. Throws `config.invalid`. */
export function readTrustedRoot(bytes: Uint8Array): TrustedRoot {
  try {
    return readStrictJson(bytes, Root, 'the trusted root', MAX_ROOT_BYTES) as unknown as TrustedRoot;
  } catch (error) {
    throw new CordonError('config.invalid', error instanceof Error ? error.message : 'no trusted root', { cause: error });
  }
}

/** The public Sigstore instance, as of this release: verification needs no network. See `roots/README.md`. */
export async function publicTrustedRoot(): Promise<TrustedRoot> {
  const { default: root } = await import('./roots/sigstore-public.json', { with: { type: 'json' } });
  return readTrustedRoot(Buffer.from(JSON.stringify(root)));
}
