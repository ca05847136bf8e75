import * as z from 'zod';
import { IpRange } from './ip-range.ts';

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_MS = 365 * UNITS.d;

/** A span of time such as `30s`, `10m`, `24h` or `7d`, read as milliseconds; undefined when it is none, zero or over a year. */
export function spanMs(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  if (match === null) return undefined;
  const ms = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}

const Span = z.string().refine((text) => spanMs(text) !== undefined, 'use a span such as 30s, 10m, 24h or 7d, up to a year');

/** Whom a rule of the automatic defence counts and acts on. */
export const DEFENCE_SUBJECTS = ['ip', 'key', 'principal', 'session'] as const;

/** What the guard's decisions must be, and how often, before a rule acts. */
const DefenceCondition = z
  .strictObject({
    detectors: z.array(z.string().min(1).max(100)).min(1).max(100).optional().describe('one of these detectors fired; left out: any'),
    rules: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(200)
      .optional()
      .describe('one of these rules fired; a star stands for anything; left out: any'),
    effect: z
      .array(z.enum(['allow', 'redact', 'hold', 'block']))
      .min(1)
      .default(['hold', 'block'])
      .describe('what the guard decided'),
    count: z.int().min(1).max(1_000).default(1).describe('so many times'),
    within: Span.default('10m').describe('in so long'),
  })
  .describe('when a rule acts');

/** One rule that turns detections into an action. */
export const DefenceRule = z
  .strictObject({
    id: Name,
    when: DefenceCondition.prefault({}),
    per: z.enum(DEFENCE_SUBJECTS).default('principal').describe('whose detections are counted together, and who is acted on'),
    action: z.enum(['block', 'tighten', 'alert']),
    profile: Name.optional().describe('for tighten: the profile of the guard that counts meanwhile'),
    for: Span.default('10m').describe('how long; for alert: how long it stays silent after one'),
    grow: z.number().min(1).max(100).default(2).describe('each further time it lasts so many times longer'),
    max: Span.default('24h').describe('and never longer than this; also how long earlier times are remembered after their end'),
    dryRun: z.boolean().default(false).describe('only write down what would have been done'),
  })
  .refine(({ action, profile }) => (action === 'tighten') === (profile !== undefined), {
    message: 'a profile is needed for tighten, and only there',
  })
  .refine((rule) => (spanMs(rule.max) ?? 0) >= (spanMs(rule.for) ?? 0), { message: 'max is shorter than for' })
  .describe('a rule of the automatic defence');
export type DefenceRule = z.infer<typeof DefenceRule>;

/** Who is never acted on automatically. */
const Spared = z.union([IpRange, z.string().regex(/^(?:key|principal):\S{1,200}$/, 'use an address, a range, key:ID or principal:NAME')]);

/** The section `gateway.defence` of `cordon.yaml`. */
export const DefenceConfig = z
  .strictObject({
    rules: z.array(DefenceRule).max(200).default([]),
    allow: z.array(Spared).max(10_000).default([]).describe('addresses, ranges, key:ID, principal:NAME; wins over every automatic action'),
    ipv6Prefix: z.int().min(32).max(128).default(64).describe('addresses of IPv6 that count as one: whoever has one has its whole network'),
    maxTracked: z.int().min(1_000).max(10_000_000).default(100_000).describe('how many counts are kept at once; the oldest go first'),
    maxBlocks: z
      .int()
      .min(100)
      .max(1_000_000)
      .default(50_000)
      .describe('how many automatic actions last at once; beyond it, it only alerts'),
  })
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>();
    for (const { id } of rules) {
      if (seen.has(id)) context.addIssue({ code: 'custom', message: `the id ${JSON.stringify(id)} is used twice` });
      seen.add(id);
    }
  })
  .describe('what is done by itself about repeated attacks');
export type DefenceConfig = z.infer<typeof DefenceConfig>;
