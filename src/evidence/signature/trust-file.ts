import { parse } from 'yaml';
import * as z from 'zod';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { readPublicKey } from '../../vault/ec-key.ts';
import { readCertificates } from './read-pem.ts';
import type { TrustPolicy } from './trust-policy.ts';
import { readTrustedRoot } from './trusted-root.ts';

const Day = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => new Date(text))
  .describe('date or time, ISO 8601');
const FileName = z.string().min(1).max(4096);

/** A file that says whom to trust (`trust.yaml`). Paths are relative to it. Rotation: two keys whose windows overlap. */
export const TrustFile = z
  .strictObject({
    keys: z
      .array(z.strictObject({ file: FileName, name: z.string().min(1).max(200).optional(), from: Day.optional(), until: Day.optional() }))
      .max(1000)
      .default([])
      .describe('public keys, each with the time it is to be trusted for'),
    authorities: z.array(FileName).max(100).default([]).describe('PEM files of pinned certification authorities'),
    identities: z
      .array(z.strictObject({ identity: z.string().min(1).max(2000), issuer: z.url().max(2000) }))
      .max(1000)
      .default([])
      .describe('keyless signers'),
    trustedRoot: FileName.optional().describe('trusted_root.json of a Sigstore instance; default: the public one'),
    timestampAuthorities: z.array(FileName).max(100).default([]).describe('PEM chains, signing certificate first'),
    allowUntimed: z.boolean().default(false),
  })
  .describe('whom to trust');

/** Reads a trust file and what it names. `read` gives the content of a path relative to it. Throws `config.invalid` and `key.invalid`. */
export function readTrustFile(text: string, name: string, read: (path: string) => Buffer): TrustPolicy {
  const file = parsed(text, name);
  return {
    keys: file.keys.map(({ file: path, name: label, from, until }) => ({
      publicKey: readPublicKey(read(path), path),
      name: label ?? path,
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    })),
    authorities: file.authorities.flatMap((path) => readCertificates(read(path).toString(), path)),
    identities: file.identities,
    ...(file.trustedRoot !== undefined && { sigstore: readTrustedRoot(read(file.trustedRoot)) }),
    timestampAuthorities: file.timestampAuthorities.map((path) => readCertificates(read(path).toString(), path)),
    allowUntimed: file.allowUntimed,
  };
}

function parsed(text: string, name: string): z.infer<typeof TrustFile> {
  try {
    return TrustFile.parse(parse(text, { maxAliasCount: 0 }));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new CordonError('config.invalid', `${name}: ${message}`, { cause: error });
  }
}
