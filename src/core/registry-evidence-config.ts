import * as z from 'zod';
import { secretReference } from './secret-reference.ts';

const FileName = z.string().min(1).max(4_096);
const Day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** `registry.trust`: whose signatures count. Paths are relative to the configuration. Rotation: two keys whose windows overlap. */
export const RegistryTrust = z
  .strictObject({
    keys: z
      .array(
        z.strictObject({
          file: FileName.describe('public key, PEM'),
          name: z.string().min(1).max(200).optional(),
          from: Day.optional(),
          until: Day.optional().describe('what comes in later is not accepted'),
        }),
      )
      .max(1_000)
      .default([]),
    authorities: z.array(FileName).max(100).default([]).describe('PEM files of pinned certification authorities'),
    identities: z
      .array(z.strictObject({ identity: z.string().min(1).max(2_000), issuer: z.url().max(2_000) }))
      .max(1_000)
      .default([])
      .describe('keyless signers'),
    trustedRoot: FileName.optional().describe('trusted_root.json of a Sigstore instance; default: the public one'),
    timestampAuthorities: z.array(FileName).max(100).default([]).describe('PEM chains, signing certificate first'),
  })
  .describe('whose signatures and attestations count');
export type RegistryTrust = z.infer<typeof RegistryTrust>;

/** `registry.signing`: the key by which the registry signs versions, bills of materials and promotions. */
export const RegistrySigning = z
  .strictObject({
    key: FileName.optional().describe(
      'FILE (PEM), a secret such as env:NAME, or a key manager (hashivault://, awskms://, gcpkms://, azurekms://); default: one made at the first start in the data folder',
    ),
    passphrase: secretReference
      .optional()
      .describe('where the passphrase of the key is kept; default: env:CORDON_KEY_PASSPHRASE if it is set'),
    revoked: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .max(100)
      .default([])
      .describe('fingerprints of own keys that must not count any more'),
    validDays: z.int().min(1).max(3_650).default(30).describe('how long a promotion counts for those who verify it offline'),
  })
  .describe('how the registry signs');
export type RegistrySigning = z.infer<typeof RegistrySigning>;
