import * as z from 'zod';
import { AccessConfig } from './access-config.ts';
import { Limits } from './budget.ts';
import { ToolPolicy } from './tool-policy.ts';
import { GatewayConfig } from './gateway-config.ts';
import { GuardConfig } from './guard-config.ts';
import { RegistryConfig } from './registry-config.ts';
import { secretReference, secretVariable } from './secret-reference.ts';
import { SecretsConfig } from './secrets-config.ts';
import { ServerConfig } from './server-config.ts';
import { Waiver } from './waiver.ts';

const MAX_EXPRESSION = 10_000;
/** Why: names end up in reports, command lines and file names. */
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');

/** Why: reports, tests and people refer to entries and waivers by id alone. */
function refuseDuplicates(items: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) context.addIssue({ code: 'custom', message: `the id ${JSON.stringify(id)} is used twice` });
    seen.add(id);
  }
}

/** One entry of a gate: fires when its condition holds. */
export const GateEntry = z
  .strictObject({
    id: Name.describe('name of the entry, unique in its gate; reports and policy tests use it'),
    when: z.string().min(1).max(MAX_EXPRESSION).describe('CEL condition over findings, artifacts, completeness and context'),
    message: z.string().min(1).max(MAX_EXPRESSION).optional().describe('shown when it fires; {{ CEL }} is replaced by its value'),
  })
  .describe('an entry of a gate');
export type GateEntry = z.infer<typeof GateEntry>;

/** The gates that come with Cordon. */
export const BUILTIN_GATES = ['ci', 'strict', 'research'] as const;
export type BuiltinGate = (typeof BUILTIN_GATES)[number];

/** A gate as written: what denies, what warns. A gate named like a built-in one replaces it unless it extends it. */
export const GateConfig = z
  .strictObject({
    extends: z.enum(BUILTIN_GATES).optional().describe('start from a built-in gate; an entry with the same id replaces its entry'),
    deny: z.array(GateEntry).max(500).default([]),
    warn: z.array(GateEntry).max(500).default([]),
    allowIncomplete: z.boolean().optional().describe('let artifacts pass that were not read to their end (default: no)'),
  })
  .superRefine((gate, context) => refuseDuplicates([...gate.deny, ...gate.warn], context))
  .describe('a gate');
export type GateConfig = z.infer<typeof GateConfig>;

/** What waivers may do at most. */
export const WaiverPolicy = z
  .strictObject({
    maxDays: z.int().min(1).max(3650).default(365).describe('a waiver that lasts longer is refused'),
    defaultDays: z.int().min(1).max(3650).default(90).describe('how long a waiver lasts that only says when it was created'),
    nearExpiryDays: z.int().min(0).max(365).default(14).describe('a waiver is listed this many days before it ends'),
    forbid: z.array(z.string().min(1)).default([]).describe('rule ids, or prefixes ending in ".*", that no waiver may cover'),
    inline: z.boolean().default(false).describe('honour "cordon: allow" comments inside scanned files'),
  })
  .describe('what waivers may do');
export type WaiverPolicy = z.infer<typeof WaiverPolicy>;

const timeout = z.int().min(1).max(60_000).default(5_000).describe('the gate denies when the answer takes longer');
const decisionPath = z
  .string()
  .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'use a path such as cordon/decision')
  .default('cordon/decision')
  .describe('path of the Rego rule that returns {deny, warn}');

/** Which engine decides: the gates of this file in CEL, a compiled Rego bundle, or an OPA server. */
export const PolicyEngine = z
  .discriminatedUnion('engine', [
    z.strictObject({ engine: z.literal('cel') }).describe('the gates of this file'),
    z
      .strictObject({
        engine: z.literal('opa-wasm'),
        bundle: z.string().min(1).describe('bundle.tar.gz of `opa build -t wasm`, or a policy.wasm; relative to this file'),
        path: decisionPath,
      })
      .describe('Rego compiled to WebAssembly'),
    z
      .strictObject({
        engine: z.literal('opa-server'),
        url: z.url({ protocol: /^https?$/ }).describe('address of the OPA server, without /v1/data'),
        path: decisionPath,
        timeoutMs: timeout,
        token: secretReference.optional().describe('where the bearer token is kept'),
        tokenEnv: secretVariable.optional().describe('the same as token: env:NAME'),
      })
      .refine(({ token, tokenEnv }) => token === undefined || tokenEnv === undefined, 'give either token or tokenEnv')
      .describe('an OPA server'),
  ])
  .describe('who decides');
export type PolicyEngine = z.infer<typeof PolicyEngine>;

/** How to scan, where the command line does not say. */
export const ScanConfig = z
  .strictObject({
    gate: Name.optional().describe('the gate to ask (default: ci)'),
    jobs: z.int().min(1).max(256).optional().describe('worker threads'),
    cache: z.boolean().optional().describe('reuse results of files that did not change'),
  })
  .describe('how to scan');
export type ScanConfig = z.infer<typeof ScanConfig>;

/** The configuration file `cordon.yaml`. */
export const Config = z
  .strictObject({
    $schema: z.string().optional().describe('for editors'),
    gates: z.record(Name, GateConfig).default({}),
    waivers: z
      .array(
        // Why: a waiver without an end would never expire, whatever the default duration is.
        Waiver.refine((waiver) => waiver.created !== undefined || waiver.expires !== undefined, {
          message: 'say when it ends (expires), or when it was created',
        }),
      )
      .max(10_000)
      .superRefine((waivers, context) => refuseDuplicates(waivers, context))
      .default([]),
    waiverPolicy: WaiverPolicy.prefault({}),
    limits: Limits.strict().prefault({}),
    policy: PolicyEngine.default({ engine: 'cel' }),
    scan: ScanConfig.prefault({}),
    toolPolicy: ToolPolicy.optional(),
    guard: GuardConfig.optional(),
    registry: RegistryConfig.prefault({}),
    gateway: GatewayConfig.prefault({}),
    server: ServerConfig.prefault({}),
    access: AccessConfig.prefault({}),
    secrets: SecretsConfig.prefault({}),
  })
  .describe('cordon.yaml');
export type Config = z.infer<typeof Config>;
