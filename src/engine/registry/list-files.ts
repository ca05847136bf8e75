import type { RegistryContext } from './context.ts';
import { sortedByPath } from './manifest.ts';
import type { KnownEntry } from './read-file.ts';

const KEYS_AT_ONCE = 5_000;

/** The files of a manifest with what is known of their content, in the order of their paths. */
export async function listFiles(context: RegistryContext, manifest: string): Promise<KnownEntry[]> {
  const rows = await entriesOf(context, manifest).execute();
  return sortedByPath(rows);
}

/** Those of the given paths that are files of the manifest. */
export async function findFiles(context: RegistryContext, manifest: string, paths: readonly string[]): Promise<KnownEntry[]> {
  const found: KnownEntry[] = [];
  for (let from = 0; from < paths.length; from += KEYS_AT_ONCE) {
    found.push(
      ...(await entriesOf(context, manifest)
        .where('manifest_entry.path', 'in', paths.slice(from, from + KEYS_AT_ONCE))
        .execute()),
    );
  }
  return sortedByPath(found);
}

function entriesOf(context: RegistryContext, manifest: string) {
  return context.store.db
    .selectFrom('manifest_entry')
    .innerJoin('blob', 'blob.sha256', 'manifest_entry.sha256')
    .select(['manifest_entry.path', 'manifest_entry.sha256', 'manifest_entry.size', 'blob.git_sha1'])
    .where('manifest_entry.manifest', '=', manifest);
}
