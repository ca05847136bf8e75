import type { FileDraft, TreeDraft } from '../../drafts.ts';
import { factFindings } from '../../fact-findings.ts';
import type { RuleBook } from '../../inspect-paths.ts';
import { type Assessed, found, WHOLE } from '../assess.ts';
import type { RegistryContext } from '../context.ts';
import { loadManifest } from '../manifest.ts';

const KEYS_AT_ONCE = 5_000;

/**
 * What the newest scan of every file said, whatever its rules were, and what the rules of today find in the facts it left. Reads no bytes.
 * Undefined when some file was never scanned. Why only stricter than that scan: see {@link factFindings}.
 */
export async function olderAssessment(context: RegistryContext, manifest: string, ruleBook: RuleBook): Promise<Assessed | undefined> {
  const { db } = context.store;
  const entries = await loadManifest(db, manifest);
  const drafts = await newestDrafts(context, [...new Set(entries.map(({ sha256 }) => sha256))], ruleBook.digest);
  const known = entries.map(({ sha256, path }) => drafts.get(`${sha256} ${path}`));
  const tree = await db
    .selectFrom('assessment')
    .select(['body', 'rules'])
    .where('sha256', '=', manifest)
    .where('path', '=', WHOLE)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (tree === undefined || !known.every((one) => one !== undefined)) return undefined;
  const judged = known.map(({ draft, isCurrent }) =>
    isCurrent ? draft : { ...draft, findings: [...draft.findings, ...factFindings(draft, ruleBook.rules)] },
  );
  return found(entries, judged, JSON.parse(tree.body) as TreeDraft, tree.rules);
}

async function newestDrafts(
  context: RegistryContext,
  digests: readonly string[],
  rules: string,
): Promise<ReadonlyMap<string, { readonly draft: FileDraft; readonly isCurrent: boolean }>> {
  const newest = new Map<string, { readonly draft: FileDraft; readonly isCurrent: boolean }>();
  for (let from = 0; from < digests.length; from += KEYS_AT_ONCE) {
    const rows = await context.store.db
      .selectFrom('assessment')
      .select(['sha256', 'path', 'body', 'rules'])
      .where('sha256', 'in', digests.slice(from, from + KEYS_AT_ONCE))
      .where('path', '!=', WHOLE)
      .orderBy('created_at')
      .execute();
    // Why those of today win whatever their time: clocks of two servers differ.
    for (const row of rows) {
      const key = `${row.sha256} ${row.path}`;
      const isCurrent = row.rules === rules;
      if (isCurrent || newest.get(key)?.isCurrent !== true) newest.set(key, { draft: JSON.parse(row.body) as FileDraft, isCurrent });
    }
  }
  return newest;
}
