import * as z from 'zod';
import { secretReference, secretVariable } from './secret-reference.ts';
import { Upstream } from './upstream-config.ts';
import { ConvertConfig } from './convert-config.ts';
import { Quotas } from './quota-config.ts';
import { MaintenanceConfig } from './maintenance-config.ts';
import { RegistrySigning, RegistryTrust } from './registry-evidence-config.ts';

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');

/** What a stage asks for besides its gate. */
export const StageRequirements = z
  .strictObject({
    signature: z.boolean().default(false).describe('a verified OpenSSF signature over exactly these files'),
    signers: z
      .array(z.string().min(1).max(1_000))
      .max(100)
      .default([])
      .describe('who must have signed: key fingerprints or certificate identities; empty: any trusted signer'),
    bom: z.boolean().default(false).describe('a bill of materials made by the registry'),
    attestations: z
      .array(
        z.strictObject({
          id: Name,
          predicate: z.string().min(1).max(500).describe('predicate type, for example https://in-toto.io/attestation/test-result/v0.1'),
          name: z.string().min(1).max(200).optional().describe('name that the statement must carry, such as evaluation or red-team'),
          result: z.string().min(1).max(50).default('PASSED').describe('for test results: what the newest must say'),
          signers: z.array(z.string().min(1).max(1_000)).max(100).default([]).describe('as above; empty: any trusted signer'),
        }),
      )
      .max(50)
      .default([]),
    approvals: z
      .strictObject({
        count: z.int().min(1).max(20).default(1).describe('different people'),
        role: Name.default('approver').describe('role they must hold in the namespace'),
        notAuthor: z.boolean().default(true).describe('who committed, sealed or promotes the version does not count'),
      })
      .optional(),
    scanWithinHours: z
      .int()
      .min(1)
      .max(24 * 365)
      .optional()
      .describe('scan again when the last scan is older'),
  })
  .describe('what a stage asks for besides its gate');
export type StageRequirements = z.infer<typeof StageRequirements>;

/** A stage that versions are promoted to. */
export const Stage = z
  .strictObject({
    name: Name,
    gate: Name.default('ci'),
    requires: StageRequirements.prefault({}),
    after: Name.optional().describe('stage a version must have been promoted to before'),
  })
  .describe('a stage of promotion');
export type Stage = z.infer<typeof Stage>;

/** The section `registry` of `cordon.yaml`. */
export const RegistryConfig = z
  .strictObject({
    ingest: z
      .strictObject({
        gate: Name.default('ci').describe('the gate every upload passes before it is served'),
        waitSeconds: z.int().min(0).max(600).default(30).describe('how long a reader waits for a scan that is under way'),
      })
      .prefault({}),
    stages: z
      .array(Stage)
      .max(20)
      .default([
        { name: 'staging', gate: 'ci', requires: StageRequirements.parse({}) },
        { name: 'production', gate: 'ci', requires: StageRequirements.parse({ approvals: {} }) },
      ])
      .describe('stages in their order'),
    maxFileBytes: z
      .int()
      .min(1)
      .default(1024 ** 4)
      .describe('bytes of one uploaded file'),
    convert: ConvertConfig,
    quotas: Quotas,
    upstreams: z.array(Upstream).max(20).default([]).describe('remote hubs, asked in this order for what is not here'),
    protectedBranches: z
      .array(z.string().min(1).max(255))
      .max(100)
      .default([])
      .describe('branches that only those who may approve change; others propose, and somebody else merges'),
    twoPeopleForMain: z
      .boolean()
      .default(false)
      .describe('nobody writes main alone: every change is proposed by one person and merged by another who may approve'),
    trust: RegistryTrust.prefault({}),
    signing: RegistrySigning.prefault({}),
    maintenance: MaintenanceConfig.prefault({}),
    mlflow: z
      .strictObject({
        stages: z
          .record(z.string().min(1).max(64), Name)
          .default({ Staging: 'staging', Production: 'production' })
          .describe('stage of the registry for each stage that MLflow clients name'),
        gatedAliases: z
          .record(z.string().min(1).max(256), Name)
          .default({})
          .describe('aliases that only a version promoted to this stage may have; those named like a stage always are'),
      })
      .prefault({}),
    webhooks: z
      .array(
        z
          .strictObject({
            id: Name,
            url: z.url({ protocol: /^https?$/ }),
            secret: secretReference.optional().describe('where the key of the HMAC signature is kept'),
            secretEnv: secretVariable.optional().describe('the same as secret: env:NAME'),
            events: z.array(z.string().min(1).max(100)).max(50).default([]).describe('kinds of events; empty: all'),
          })
          .refine(({ secret, secretEnv }) => (secret === undefined) !== (secretEnv === undefined), 'give either secret or secretEnv'),
      )
      .max(50)
      .default([]),
  })
  .superRefine(({ stages }, context) => {
    const names = new Set<string>();
    for (const { name, after } of stages) {
      if (names.has(name)) context.addIssue({ code: 'custom', message: `the stage ${name} is listed twice` });
      if (after !== undefined && !names.has(after))
        context.addIssue({ code: 'custom', message: `the stage ${after}, after which ${name} comes, is not listed before it` });
      names.add(name);
    }
  })
  .describe('the registry');
export type RegistryConfig = z.infer<typeof RegistryConfig>;
