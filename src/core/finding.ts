import * as z from 'zod';
import { Location } from './location.ts';
import { Severity } from './severity.ts';

/** The particulars that prove a finding: plain values only, never the secret or the payload itself beyond a short excerpt. */
export const Evidence = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));
export type Evidence = z.infer<typeof Evidence>;

/** What a plugin yields. The engine adds path, member chain, fingerprint, fix and mappings. */
export interface Observation<RuleId extends string = string> {
  readonly rule: RuleId;
  /** One sentence with the particulars. */
  readonly message: string;
  /**
   * Identity of the finding inside its artifact, for example the callee `posix.system`. Never an offset or a line: a
   * re-trained model with the same unsafe import keeps its identity.
   */
  readonly key: string;
  /** Only where the context makes it better or worse than the rule says. */
  readonly severity?: Severity;
  /** Byte offset, line or column inside the subject; `path` only from tree scanners: the file it is about. */
  readonly at?: { readonly path?: string; readonly offset?: number; readonly line?: number; readonly column?: number };
  readonly evidence?: Evidence;
  /** A more exact fix than the rule's. */
  readonly fix?: string;
}

/** Why a finding does not count: the waiver or inline comment that covers it. */
export const Suppression = z.object({
  waiver: z.string(),
  reason: z.string(),
  owner: z.string(),
  expires: z.string().describe('ISO date'),
  kind: z.enum(['external', 'inline']),
});
export type Suppression = z.infer<typeof Suppression>;

/** A rule that fired, as reports carry it. */
export const Finding = z.object({
  id: z.string().describe('unique in this report'),
  rule: z.string(),
  severity: Severity,
  message: z.string(),
  location: Location,
  key: z.string().describe('identity of the finding inside its artifact, for example a callee; waivers name it'),
  fingerprint: z.string().describe('fp/v1: path, member, rule and semantic key; independent of the digest, of lines and offsets'),
  contentFingerprint: z.string().describe('fp/v1: digest, member, rule and semantic key; survives a renamed file'),
  evidence: Evidence,
  fix: z.string(),
  maps: z.array(z.string()),
  baseline: z.enum(['new', 'unchanged']).optional().describe('only when compared with a baseline'),
  suppressed: Suppression.optional(),
});
export type Finding = z.infer<typeof Finding>;
