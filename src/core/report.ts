import * as z from 'zod';
import { Artifact } from './artifact.ts';
import { Decision } from './decision.ts';
import { Finding } from './finding.ts';
import { Completeness, Verdict } from './verdict.ts';
import { WaiverStatus } from './waiver.ts';

/** How one plugin fared over the whole scan. A plugin that crashed is a fact in the report, not silence. */
export const PluginStatus = z.object({
  id: z.string(),
  status: z.enum(['succeeded', 'partial', 'failed', 'skipped']),
  reason: z.string().optional(),
});
export type PluginStatus = z.infer<typeof PluginStatus>;

/** Comparison with an earlier report. */
export const BaselineSummary = z.object({
  new: z.int(),
  unchanged: z.int(),
  fixed: z.array(z.object({ fingerprint: z.string(), rule: z.string(), path: z.string(), message: z.string() })),
});
export type BaselineSummary = z.infer<typeof BaselineSummary>;

/** The result of a scan: `cordon/report/1`. */
export const Report = z.object({
  schema: z.literal('cordon/report/1'),
  verdict: Verdict,
  completeness: Completeness,
  gate: Decision.omit({ gate: true }).extend({ name: z.string() }),
  artifacts: z.array(Artifact),
  findings: z.array(Finding),
  plugins: z.array(PluginStatus),
  waivers: z.array(WaiverStatus),
  baseline: BaselineSummary.optional(),
  stats: z.object({
    files: z.int(),
    bytes: z.int(),
    members: z.int().describe('container members looked at'),
    findings: z.record(z.string(), z.int()).describe('unsuppressed findings by severity'),
    suppressed: z.int(),
    cut: z.int().describe('findings left out because a limit of the scan was reached'),
  }),
  tool: z.object({ name: z.literal('cordon'), version: z.string(), rules: z.string().describe('sha256 of the rule set and the scanners') }),
});
export type Report = z.infer<typeof Report>;
