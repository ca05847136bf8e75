import * as z from 'zod';

const Address = z.url({ protocol: /^https?$/ });

const ServiceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1).max(500),
  private_key: z.string().min(1).max(20_000),
  private_key_id: z.string().max(500).optional(),
  token_uri: Address.default('https://oauth2.googleapis.com/token'),
});
/** The key of a service account, as Google writes it. */
export type ServiceAccount = z.infer<typeof ServiceAccount>;

const ExternalAccount = z.object({
  type: z.literal('external_account'),
  audience: z.string().min(1).max(2_000),
  subject_token_type: z.string().min(1).max(200),
  token_url: Address,
  service_account_impersonation_url: Address.optional(),
  credential_source: z.object({
    file: z.string().min(1).max(4_096),
    format: z
      .discriminatedUnion('type', [
        z.object({ type: z.literal('text') }),
        z.object({ type: z.literal('json'), subject_token_field_name: z.string().min(1).max(200) }),
      ])
      .optional(),
  }),
});
/** A workload elsewhere that Google trusts, with its token in a file. */
export type ExternalAccount = z.infer<typeof ExternalAccount>;

/** What GOOGLE_APPLICATION_CREDENTIALS may name. */
export const GoogleCredentials = z.discriminatedUnion('type', [ServiceAccount, ExternalAccount]);
