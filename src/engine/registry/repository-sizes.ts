import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';

/** Bytes of the files on the main branch of each of these repositories, by id; those without a commit are left out. */
export async function repositorySizes(context: RegistryContext, repositories: readonly Repository[]): Promise<ReadonlyMap<string, number>> {
  if (repositories.length === 0) return new Map();
  const rows = await context.store.db
    .selectFrom('ref')
    .innerJoin('revision', (join) =>
      join.onRef('revision.repository_id', '=', 'ref.repository_id').onRef('revision.id', '=', 'ref.revision'),
    )
    .innerJoin('manifest', 'manifest.digest', 'revision.manifest')
    .select(['ref.repository_id', 'manifest.bytes'])
    .where('ref.name', '=', 'refs/heads/main')
    .where(
      'ref.repository_id',
      'in',
      repositories.map(({ id }) => id),
    )
    .execute();
  return new Map(rows.map(({ repository_id: id, bytes }) => [id, bytes]));
}
