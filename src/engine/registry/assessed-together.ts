import type { FileDraft, TreeDraft } from '../drafts.ts';
import { type Assessed, found, WHOLE } from './assess.ts';
import type { RegistryContext } from './context.ts';
import type { ManifestEntry } from './manifest.ts';

/**
 * What is stored of several manifests under these rules, in two queries; those that were not scanned whole are not in the answer.
 * Reads no bytes.
 */
export async function assessedTogether(
  context: RegistryContext,
  manifests: readonly string[],
  rules: string,
): Promise<ReadonlyMap<string, Assessed>> {
  const { db } = context.store;
  const [files, trees] = await Promise.all([
    db
      .selectFrom('manifest_entry')
      .leftJoin('assessment', (join) =>
        join
          .onRef('assessment.sha256', '=', 'manifest_entry.sha256')
          .onRef('assessment.path', '=', 'manifest_entry.path')
          .on('assessment.rules', '=', rules),
      )
      .select(['manifest_entry.manifest', 'manifest_entry.path', 'manifest_entry.sha256', 'manifest_entry.size', 'assessment.body'])
      .where('manifest_entry.manifest', 'in', manifests)
      .orderBy('manifest_entry.manifest')
      .orderBy('manifest_entry.path')
      .execute(),
    db
      .selectFrom('assessment')
      .select(['sha256', 'body'])
      .where('sha256', 'in', manifests)
      .where('path', '=', WHOLE)
      .where('rules', '=', rules)
      .execute(),
  ]);
  const parts = new Map<string, { entries: ManifestEntry[]; drafts: FileDraft[]; isWhole: boolean }>();
  for (const { manifest, path, sha256, size, body } of files) {
    const part = parts.get(manifest) ?? { entries: [], drafts: [], isWhole: true };
    parts.set(manifest, part);
    part.entries.push({ path, sha256, size });
    if (body === null) part.isWhole = false;
    else part.drafts.push(JSON.parse(body) as FileDraft);
  }
  const assessed = new Map<string, Assessed>();
  for (const { sha256: manifest, body } of trees) {
    const { entries, drafts, isWhole } = parts.get(manifest) ?? { entries: [], drafts: [], isWhole: true };
    if (isWhole) assessed.set(manifest, found(entries, drafts, JSON.parse(body) as TreeDraft, rules));
  }
  return assessed;
}
