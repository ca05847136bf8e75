import * as z from 'zod';
import { GatewayAuditConfig } from './gateway-audit-config.ts';
import { DefenceConfig } from './gateway-defence-config.ts';
import { LimitsConfig } from './gateway-limits-config.ts';
import { UnauthenticatedConfig } from './gateway-unauthenticated-config.ts';
import { McpConfig } from './gateway-mcp-config.ts';
import { PricesConfig } from './gateway-prices-config.ts';
import { GatewayTelemetryConfig } from './gateway-telemetry-config.ts';
import { checkUpstreams, upstreamsShape } from './gateway-model-config.ts';

const Profile = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const Route = z.string().regex(/^\/[\w/{}*.-]{1,200}$/, 'use a route such as /v1/chat/completions');

/** What the guard does in the gateway. Which profile counts: a tightened one, then the key's, the route's, the model's, the general one. */
export const GatewayGuard = z
  .strictObject({
    profile: Profile.optional().describe('profile of the section guard (default: the one that is named there)'),
    routes: z.record(Route, Profile).default({}).describe('profiles by route'),
    unreadable: z
      .enum(['allow', 'refuse'])
      .default('allow')
      .describe('what happens to requests with images, audio and files, which the guard cannot read'),
    operatorText: z
      .enum(['guarded', 'trusted'])
      .default('guarded')
      .describe(
        'whether personal data and secrets are replaced in system prompts too; trusted: they stay, for example addresses of a support',
      ),
    hold: z
      .strictObject({
        judges: z
          .enum(['exact', 'sentence', 'full'])
          .default('sentence')
          .describe('how much of a streamed answer judges see before it is passed on: nothing (they see no streams), sentences, all'),
        windowCharacters: z
          .int()
          .min(1)
          .max(100_000)
          .default(200)
          .describe('behind so many the end of a sentence ends what judges see at a time'),
        deadlineMs: z
          .int()
          .min(50)
          .max(600_000)
          .default(10_000)
          .describe('judges that take longer count as failed, and what follows from that is for their `failure` to say'),
      })
      .prefault({})
      .describe('how streamed answers wait for judges'),
    maxTexts: z.int().min(100).max(10_000_000).default(20_000).describe('a request of more texts is refused: each is looked at by itself'),
    maxCharacters: z
      .int()
      .min(1_000)
      .max(1024 ** 3)
      .default(4 * 1024 ** 2)
      .describe('a request whose texts are longer, all together, is refused; pictures and other bytes do not count'),
    canary: z.boolean().default(false).describe('put a secret mark into system prompts, and stop answers that hold it'),
    remember: z.int().min(0).max(1_000_000).default(10_000).describe('texts that are known again by their digest, as earlier turns are'),
    sessionMinutes: z.int().min(1).max(10_080).default(60).describe('how long a session that is named by a header is remembered'),
    maxSessions: z.int().min(1).max(1_000_000).default(10_000),
  })
  .describe('what the guard does in the gateway');
export type GatewayGuard = z.infer<typeof GatewayGuard>;

/** The section `gateway` of `cordon.yaml`. */
export const GatewayConfig = z
  .strictObject({
    ...upstreamsShape,
    guard: GatewayGuard.prefault({}),
    limits: LimitsConfig.prefault({}),
    prices: PricesConfig.prefault({}),
    audit: GatewayAuditConfig.prefault({}),
    defence: DefenceConfig.prefault({}),
    unauthenticated: UnauthenticatedConfig.prefault({}),
    telemetry: GatewayTelemetryConfig.prefault({}),
    mcp: McpConfig.prefault({}),
    storage: z
      .strictObject({ openai: z.string().max(64).optional(), anthropic: z.string().max(64).optional() })
      .prefault({})
      .describe('upstreams that keep files and batches, by protocol (default: the only upstream that can)'),
    maxBodyBytes: z
      .int()
      .min(1_024)
      .max(1024 ** 3)
      .default(32 * 1024 ** 2)
      .describe('a longer request is refused'),
    maxWaitingBytes: z
      .int()
      .min(1_024)
      .max(64 * 1024 ** 3)
      .default(256 * 1024 ** 2)
      .describe('bytes of requests that are still coming, all together in one process; at least four of the longest'),
    maxFileBytes: z
      .int()
      .min(1_024)
      .max(8 * 1024 ** 3)
      .default(512 * 1024 ** 2)
      .describe('a longer form with files, or a longer file of a provider, is refused'),
    maxSpoolBytes: z
      .int()
      .min(1_024)
      .max(1024 ** 4)
      .default(8 * 1024 ** 3)
      .describe('bytes of files on the disk that wait while they are looked at, all together in one process'),
    maxOutputTokens: z
      .int()
      .min(1)
      .max(10_000_000)
      .default(16_384)
      .describe('what limits and budgets reserve for an answer where the client names no limit of its own'),
    maxContextTokens: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(128_000)
      .describe('what limits and budgets reserve for a conversation that a provider keeps, where nobody knows how long it is'),
    maxFileTokens: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(16_384)
      .describe('what limits and budgets reserve for each image, recording or file that a request names by address or id'),
  })
  .superRefine(checkUpstreams)
  .superRefine(({ storage, upstreams }, context) => {
    for (const protocol of ['openai', 'anthropic'] as const) {
      const id = storage[protocol];
      if (id !== undefined && !upstreams.some((one) => one.id === id))
        context.addIssue({ code: 'custom', path: ['storage', protocol], message: `there is no upstream ${id}` });
    }
  })
  .describe('the gateway to models');
export type GatewayConfig = z.infer<typeof GatewayConfig>;
