import * as z from 'zod';

/** A named, reasoned, time-boxed exception with an owner. */
export const Waiver = z
  .strictObject({
    id: z.string().min(1),
    rule: z.string().min(1).describe('rule id, or a prefix ending in ".*"'),
    path: z.string().optional().describe('glob over artifact paths'),
    fingerprint: z.string().optional().describe('exactly this finding'),
    sha256: z.string().optional().describe('only while the artifact has this digest'),
    key: z.string().optional().describe('semantic key of the finding, for example a callee'),
    reason: z.string().min(1),
    owner: z.string().min(1),
    created: z.iso.date().optional(),
    expires: z.iso.date().optional().describe('default: 90 days after created'),
    ticket: z.string().optional(),
  })
  .describe('a waiver');
export type Waiver = z.infer<typeof Waiver>;

/** What became of a waiver in one run. */
export const WaiverStatus = z.object({
  id: z.string(),
  status: z.enum(['active', 'expired', 'unmatched', 'near-expiry', 'refused']),
  message: z.string(),
  expires: z.string(),
  findings: z.array(z.string()).describe('ids of the findings it covers'),
});
export type WaiverStatus = z.infer<typeof WaiverStatus>;
