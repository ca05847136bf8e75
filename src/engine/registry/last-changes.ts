import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';
import { listHistory, type Revision } from './revisions.ts';

/** Revisions looked at. Why: what did not change for so long is said to come from the oldest of them. */
const HISTORY = 1_000;
/** Manifests of one query, and paths. */
const MANIFESTS_AT_ONCE = 50;
const PATHS_AT_ONCE = 2_000;

/** The revision that last changed each of these files, seen from `from`. */
export async function lastChanges(
  context: RegistryContext,
  repository: Repository,
  from: Revision,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Revision>> {
  const history = await listHistory(context, repository, from, HISTORY);
  const changed = new Map<string, Revision>();
  for (let at = 0; at < paths.length; at += PATHS_AT_ONCE) await changesOf(context, history, paths.slice(at, at + PATHS_AT_ONCE), changed);
  return changed;
}

async function changesOf(
  context: RegistryContext,
  history: readonly Revision[],
  paths: readonly string[],
  changed: Map<string, Revision>,
): Promise<void> {
  let left = [...paths];
  for (let at = 0; at < history.length && left.length > 0; at += MANIFESTS_AT_ONCE) {
    // One more than are judged: each is compared with the one before it.
    const some = history.slice(at, at + MANIFESTS_AT_ONCE + 1);
    const rows = await context.store.db
      .selectFrom('manifest_entry')
      .select(['manifest', 'path', 'sha256'])
      .where('manifest', 'in', [...new Set(some.map(({ manifest }) => manifest))])
      .where('path', 'in', left)
      .execute();
    const contents = new Map(rows.map(({ manifest, path, sha256 }) => [`${manifest} ${path}`, sha256]));
    left = left.filter((path) => {
      const now = contents.get(`${some[0]?.manifest ?? ''} ${path}`);
      const index = some.findIndex((revision, one) => {
        const before = some[one + 1];
        const isOldest = before === undefined && at + one + 1 >= history.length;
        return isOldest || (before !== undefined && contents.get(`${before.manifest} ${path}`) !== now);
      });
      const revision = some[index];
      if (revision === undefined) return true;
      changed.set(path, revision);
      return false;
    });
  }
}
