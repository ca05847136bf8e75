import * as z from 'zod';
import { Channel } from './text.ts';

const Id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');

/** Where a secret stands. Why never the secret itself: configurations are printed, digested and committed. */
export const SecretRef = z
  .union([
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'name an environment variable') }),
    z.strictObject({ file: z.string().min(1).max(4_096) }),
  ])
  .describe('where a secret stands: {env: NAME} or {file: PATH}');
export type SecretRef = z.infer<typeof SecretRef>;

const Url = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), 'must hold no user or password')
  .refine((url) => !/[?#]/.test(url), 'must hold no query');

const common = {
  id: Id.describe('named in decisions'),
  channels: z.array(Channel).min(1).optional().describe('texts that are sent (default: all but those of the operator)'),
  mode: z.enum(['monitor', 'redact', 'block']).optional().describe('what is done with findings'),
  failure: z.enum(['block', 'allow']).default('block').describe('what is decided when it gives no usable answer in time'),
  timeoutMs: z.int().min(50).max(120_000).default(3_000).describe('for all texts of one call, retries included'),
  concurrency: z.int().min(1).max(256).optional().describe('texts at the same time, over all calls (default: 8)'),
  sendRedacted: z.boolean().default(true).describe('send texts without the personal data and secrets that were found in them'),
  allowPrivateNetwork: z.boolean().default(false).describe('let the address lead into a private network, and http without encryption'),
};

const share = z.number().min(0).max(1);
const severity = z.int().min(1).max(7);

/** Thresholds by category of the provider, in its own unit; `off` leaves a category out. */
function categories<Unit extends z.ZodType>(unit: Unit) {
  return z
    .record(z.string().min(1).max(100), z.union([z.literal('off'), unit]))
    .default({})
    .describe('thresholds by category of the provider, or off');
}

/** Which identity signs requests to AWS. */
export const AwsCredentials = z
  .union([
    z.strictObject({ profile: z.string().min(1).max(200) }).describe('a profile of the shared credentials file'),
    z.strictObject({ accessKeyId: SecretRef, secretAccessKey: SecretRef, sessionToken: SecretRef.optional() }),
  ])
  .describe('default: environment variables, then the shared credentials file');
export type AwsCredentials = z.infer<typeof AwsCredentials>;

const aws = {
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'name a region such as eu-central-1'),
  credentials: AwsCredentials.optional(),
  url: Url.optional().describe('another endpoint, for example of a private link'),
};

const chat = {
  url: Url.describe('base address of an OpenAI-compatible server, for example http://127.0.0.1:8000/v1'),
  model: z.string().min(1).max(200),
  apiKey: SecretRef.optional(),
};

/** Risks that Granite Guardian knows by name. */
export const GUARDIAN_RISKS = [
  'harm',
  'social_bias',
  'jailbreak',
  'violence',
  'profanity',
  'sexual_content',
  'unethical_behavior',
] as const;

/** A service or model that judges texts, by provider. */
export const ModerationConfig = z
  .discriminatedUnion('provider', [
    z.strictObject({
      provider: z.literal('openai'),
      ...common,
      url: Url.default('https://api.openai.com/v1'),
      apiKey: SecretRef.default({ env: 'OPENAI_API_KEY' }),
      model: z.string().min(1).max(200).default('omni-moderation-latest'),
      threshold: share.default(0.5).describe('category score from which on it counts'),
      categories: categories(share),
    }),
    z.strictObject({
      provider: z.literal('azure-content-safety'),
      ...common,
      url: Url.describe('endpoint of the resource'),
      apiKey: SecretRef.default({ env: 'AZURE_CONTENT_SAFETY_KEY' }),
      threshold: severity.default(4).describe('severity, 1 to 7, from which on it counts'),
      categories: categories(severity),
      blocklists: z.array(z.string().min(1).max(64)).max(10).default([]).describe('names of block lists of the resource'),
    }),
    z.strictObject({
      provider: z.literal('azure-prompt-shields'),
      ...common,
      url: Url.describe('endpoint of the resource'),
      apiKey: SecretRef.default({ env: 'AZURE_CONTENT_SAFETY_KEY' }),
    }),
    z.strictObject({
      provider: z.literal('aws-comprehend-toxicity'),
      ...common,
      ...aws,
      threshold: share.default(0.5).describe('label score from which on it counts'),
      categories: categories(share),
    }),
    z.strictObject({
      provider: z.literal('aws-comprehend-pii'),
      ...common,
      ...aws,
      language: z.enum(['en', 'es']).default('en'),
      threshold: share.default(0.5).describe('score from which on it counts'),
      categories: categories(share),
    }),
    z.strictObject({
      provider: z.literal('aws-bedrock-guardrail'),
      ...common,
      ...aws,
      guardrail: z
        .string()
        .regex(/^([a-z0-9]+|arn:aws(-[a-z-]+)?:bedrock:[a-z0-9-]{1,20}:\d{12}:guardrail\/[a-z0-9]+)$/, 'give an id or ARN'),
      version: z.string().regex(/^([1-9]\d{0,7}|DRAFT)$/, 'give a number or DRAFT'),
    }),
    z.strictObject({
      provider: z.literal('llama-guard'),
      ...common,
      ...chat,
      categories: z
        .record(z.string().regex(/^S\d{1,2}$/), z.literal('off'))
        .default({})
        .describe('categories that do not count'),
    }),
    z.strictObject({
      provider: z.literal('yes-no-model'),
      ...common,
      ...chat,
      risk: z.enum(GUARDIAN_RISKS).default('harm').describe('what the model is asked about'),
      riskAs: z
        .enum(['system', 'guardian_config', 'none'])
        .default('system')
        .describe('how it is told: system message (Ollama), template argument (vLLM), or not at all'),
    }),
  ])
  .describe('an external moderation service or model');
export type ModerationConfig = z.infer<typeof ModerationConfig>;
/** The part of the configuration that belongs to one provider. */
export type ModerationOf<Provider extends ModerationConfig['provider']> = Extract<ModerationConfig, { provider: Provider }>;
