import * as z from 'zod';
import { secretReference } from './secret-reference.ts';

const DAYS_AT_MOST = 3_650;

/** When a response may end: once its record would survive the end of this process, a power cut, or without waiting at all. */
export const AUDIT_DURABILITIES = ['written', 'synced', 'async'] as const;
export type AuditDurability = (typeof AUDIT_DURABILITIES)[number];

/** The section `gateway.audit` of `cordon.yaml`. */
export const GatewayAuditConfig = z
  .strictObject({
    durability: z
      .enum(AUDIT_DURABILITIES)
      .default('written')
      .describe('a response ends when its record is written (survives kill -9), synced (survives a power cut), or at once (async)'),
    failure: z
      .enum(['block', 'allow'])
      .default('block')
      .describe('what happens to requests while records cannot be written: refused, or answered without a record, which is counted'),
    syncMs: z.int().min(0).max(1_000).default(20).describe('records written within so many milliseconds are synced together'),
    journalMaxBytes: z
      .int()
      .min(16 * 1_048_576)
      .default(1_073_741_824)
      .describe('how much may wait for the database; more counts as a failure'),
    recordDays: z.int().min(1).max(DAYS_AT_MOST).default(365).describe('how long records are kept; the ledger keeps their digests'),
    usageDays: z.int().min(1).max(DAYS_AT_MOST).default(1_095).describe('how long sums of usage are kept'),
    content: z.enum(['none', 'redacted']).default('none').describe('whether redacted requests and responses are kept, encrypted'),
    contentDays: z.int().min(1).max(DAYS_AT_MOST).default(30).describe('how long they are kept; then their keys are destroyed'),
    contentMaxBytes: z
      .int()
      .min(1_024)
      .max(4 * 1_048_576)
      .default(262_144)
      .describe('of a request, and of a response; what is longer is cut'),
    key: secretReference.optional().describe('master key, 32 bytes in base64 or hexadecimal; needed to keep contents'),
    formerKeys: z.array(secretReference).max(20).default([]).describe('master keys before this one: what they protect is protected anew'),
  })
  .refine(({ content, key }) => content === 'none' || key !== undefined, 'keeping contents needs a key')
  .describe('records of what passed the gateway');
export type GatewayAuditConfig = z.infer<typeof GatewayAuditConfig>;
