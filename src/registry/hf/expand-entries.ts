import type { RegistryContext } from '../../engine/registry/context.ts';
import { lastChanges } from '../../engine/registry/last-changes.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Revision } from '../../engine/registry/revisions.ts';
import { securityOf } from '../../engine/registry/security-status.ts';
import type { HubEntry, HubFile } from './entries.ts';
import { fileSecurityStatus } from './security.ts';

/** Files looked at to say when a folder last changed. */
const FILES_AT_MOST = 2_000;

/** Entries with the commit that last changed them, and what scanners said. */
export async function expanded(
  context: RegistryContext,
  repository: Repository,
  revision: Revision,
  entries: readonly HubEntry[],
  all: readonly HubFile[],
): Promise<readonly unknown[]> {
  const folders = entries.filter(({ type }) => type === 'directory').map(({ path }) => `${path}/`);
  const inside = all.filter(({ path }) => folders.some((folder) => path.startsWith(folder))).slice(0, FILES_AT_MOST);
  const files = entries.filter((entry) => entry.type === 'file');
  const changes = await lastChanges(context, repository, revision, [...new Set([...files, ...inside].map(({ path }) => path))]);
  const security = await securityOf(
    context,
    files.map(({ path, sha256 }) => ({ path, sha256 })),
  );
  return entries.map((entry) => {
    if (entry.type === 'file') {
      const known = security.get(entry.path);
      const status = known === undefined ? {} : { securityFileStatus: fileSecurityStatus(known) };
      return { ...entry, lastCommit: lastCommit(changes.get(entry.path) ?? revision), ...status };
    }
    const below = inside.filter(({ path }) => path.startsWith(`${entry.path}/`)).map(({ path }) => changes.get(path) ?? revision);
    const newest = below.reduce((latest, one) => (one.created_at > latest.created_at ? one : latest), below[0] ?? revision);
    return { ...entry, lastCommit: lastCommit(newest) };
  });
}

function lastCommit({ id, title, created_at }: Revision): { readonly id: string; readonly title: string; readonly date: string } {
  return { id, title, date: new Date(created_at).toISOString() };
}
