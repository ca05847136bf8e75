import * as z from 'zod';

const FileName = z.string().min(1).max(4_096);
const Address = z.url({ protocol: /^https?$/ }).max(2_000);
const Mount = z.string().regex(/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/, 'use a path such as auth-mount or team/kubernetes');
/** Why only these: a secret manager cannot hold what is needed to open it. */
const LocalReference = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]{0,199}|file:[^#]{1,4096})$/, 'use env:NAME or file:/path')
  .describe('env:NAME or file:/path');

/** How Cordon shows a Vault who it is. */
export const VaultAuth = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('token'), token: LocalReference.default('env:VAULT_TOKEN') }),
    z.strictObject({ method: z.literal('approle'), mount: Mount.default('approle'), roleId: LocalReference, secretId: LocalReference }),
    z.strictObject({
      method: z.literal('kubernetes'),
      mount: Mount.default('kubernetes'),
      role: z.string().min(1).max(200),
      tokenFile: FileName.default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
    }),
  ])
  .describe('how to show who is asking');
export type VaultAuth = z.infer<typeof VaultAuth>;

/** The section `secrets` of `cordon.yaml`. */
export const SecretsConfig = z
  .strictObject({
    refreshSeconds: z.int().min(1).max(86_400).default(300).describe('how often a secret is read again'),
    staleSeconds: z
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(3_600)
      .describe('how long the last value is used while its place does not answer'),
    timeoutSeconds: z.int().min(1).max(60).default(10).describe('longest wait for an answer'),
    allowHttp: z.boolean().default(false).describe('ask hosts other than this one without encryption'),
    vault: z
      .strictObject({
        address: Address.optional().describe('default: VAULT_ADDR'),
        namespace: z.string().min(1).max(500).optional().describe('default: VAULT_NAMESPACE'),
        caFile: FileName.optional().describe('PEM file of the authority of its certificate; default: VAULT_CACERT'),
        kv: z
          .enum(['auto', '1', '2', 'other'])
          .default('auto')
          .describe('version of the key-value engine; auto asks, other reads as it is'),
        auth: VaultAuth.default({ method: 'token', token: 'env:VAULT_TOKEN' }),
      })
      .prefault({})
      .describe('HashiCorp Vault or OpenBao'),
    aws: z
      .strictObject({
        region: z
          .string()
          .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/)
          .optional()
          .describe('default: that of the ARN, else AWS_REGION'),
        endpoint: Address.optional().describe('default: that of the region'),
      })
      .prefault({})
      .describe('AWS Secrets Manager; credentials as the AWS tools find them'),
    azure: z
      .strictObject({
        domain: z
          .string()
          .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/)
          .default('vault.azure.net')
          .describe('that of the cloud'),
        authority: Address.default('https://login.microsoftonline.com').describe('where tokens come from'),
        endpoint: Address.optional().describe('one address for all vaults, in stead of VAULT.domain'),
      })
      .prefault({})
      .describe('Azure Key Vault; identity from AZURE_* or the managed identity'),
    gcp: z
      .strictObject({ endpoint: Address.default('https://secretmanager.googleapis.com') })
      .prefault({})
      .describe('Google Secret Manager; identity from GOOGLE_APPLICATION_CREDENTIALS or the metadata server'),
    kubernetes: z
      .strictObject({
        mounts: FileName.optional().describe('folder with NAMESPACE/NAME/KEY as mounted; default: ask the API server'),
        server: Address.optional().describe('default: that of the cluster Cordon runs in'),
        tokenFile: FileName.default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
        caFile: FileName.default('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'),
      })
      .prefault({})
      .describe('secrets of Kubernetes'),
  })
  .describe('where secrets come from');
export type SecretsConfig = z.infer<typeof SecretsConfig>;
