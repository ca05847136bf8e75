import * as z from 'zod';
import { CordonError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { BaselineSummary } from '../core/report.ts';

/** What a baseline remembers of a finding: its identities, and what it takes to say what was fixed. Never a line or a digest. */
const BaselineEntry = z.object({
  fingerprint: z.string(),
  contentFingerprint: z.string(),
  rule: z.string(),
  path: z.string(),
});
type BaselineEntry = z.infer<typeof BaselineEntry>;

/** The baseline file `cordon/baseline/1`. */
export const BaselineFile = z.object({ schema: z.literal('cordon/baseline/1'), findings: z.array(BaselineEntry) });
export type BaselineFile = z.infer<typeof BaselineFile>;

/** The parts of an earlier report that a baseline is made of. */
const EarlierReport = z.object({
  schema: z.literal('cordon/report/1'),
  findings: z.array(
    z.object({
      fingerprint: z.string(),
      contentFingerprint: z.string(),
      rule: z.string(),
      message: z.string(),
      location: z.object({ path: z.string() }),
      suppressed: z.unknown().optional(),
    }),
  ),
});

/** The findings known from before. */
export interface Baseline {
  readonly entries: readonly (BaselineEntry & { readonly message: string })[];
}

/** Reads a baseline from parsed JSON: an earlier report, or a `cordon/baseline/1` file. Throws `config.invalid`. */
export function readBaseline(value: unknown): Baseline {
  const parsed = z.discriminatedUnion('schema', [BaselineFile, EarlierReport]).safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CordonError('config.invalid', `not a baseline: ${issue?.path.join('.') || 'document'}: ${issue?.message ?? ''}`);
  }
  const { data } = parsed;
  if (data.schema === 'cordon/baseline/1') return { entries: data.findings.map((entry) => ({ ...entry, message: '' })) };
  return { entries: data.findings.filter(isCounted).map((finding) => ({ ...entryOf(finding), message: finding.message })) };
}

/** The compact baseline of a scan: sorted and without repetitions, so that it changes only when the findings do. */
export function baselineOf(findings: readonly Finding[]): BaselineFile {
  const entries = new Map(findings.filter(isCounted).map((finding) => [finding.fingerprint, entryOf(finding)]));
  return { schema: 'cordon/baseline/1', findings: [...entries.values()].toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)) };
}

/**
 * Marks findings as new or unchanged and says what was fixed. By fingerprint first; then by content, which recognises a
 * renamed file, but not a copy beside the known one: an entry that was found in its place does not vouch for another.
 */
export function compareWithBaseline(findings: readonly Finding[], baseline: Baseline): { findings: Finding[]; summary: BaselineSummary } {
  const current = new Set(findings.map((finding) => finding.fingerprint));
  const known = new Set(baseline.entries.map((entry) => entry.fingerprint));
  const moved = baseline.entries.filter((entry) => !current.has(entry.fingerprint));
  const movedContent = new Set(moved.map((entry) => entry.contentFingerprint));
  const compared = findings.map((finding): Finding => {
    const isKnown = known.has(finding.fingerprint) || movedContent.has(finding.contentFingerprint);
    return { ...finding, baseline: isKnown ? 'unchanged' : 'new' };
  });
  const content = new Set(findings.map((finding) => finding.contentFingerprint));
  const counted = compared.filter(isCounted);
  return {
    findings: compared,
    summary: {
      new: counted.filter((finding) => finding.baseline === 'new').length,
      unchanged: counted.filter((finding) => finding.baseline === 'unchanged').length,
      fixed: uniqueByFingerprint(moved.filter((entry) => !content.has(entry.contentFingerprint))),
    },
  };
}

/** Why suppressed findings are no part of a baseline: when their waiver ends they must be loud, and so be new. */
function isCounted(finding: { readonly suppressed?: unknown }): boolean {
  return finding.suppressed === undefined;
}

function entryOf(finding: z.infer<typeof EarlierReport>['findings'][number]): BaselineEntry {
  const { fingerprint, contentFingerprint, rule, location } = finding;
  return { fingerprint, contentFingerprint, rule, path: location.path };
}

function uniqueByFingerprint(entries: Baseline['entries']): BaselineSummary['fixed'] {
  const unique = new Map(entries.map(({ fingerprint, rule, path, message }) => [fingerprint, { fingerprint, rule, path, message }]));
  return [...unique.values()].toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}
