import type { Admission } from './admit.ts';
import { type Alias, aliasesOf } from './aliases.ts';
import type { RegistryContext } from './context.ts';
import { noteKey, notesOf, type StoredNote } from './model-notes.ts';
import type { Repository } from './repositories.ts';
import type { Version } from './versions.ts';

/** A version with all that is known of it. */
export interface VersionDetails {
  readonly repository: Repository;
  readonly version: Version;
  /** Undefined: no gate was ever asked. */
  readonly admission: Admission | undefined;
  readonly note: StoredNote | undefined;
  readonly aliases: readonly Alias[];
  /** Name of the principal that made it. */
  readonly author: string;
}

/** What is known of several versions, with as many queries as for one. Callers authorize. */
export async function detailsOf(
  context: RegistryContext,
  versions: readonly { readonly repository: Repository; readonly version: Version }[],
): Promise<VersionDetails[]> {
  if (versions.length === 0) return [];
  const repositories = [...new Set(versions.map(({ repository }) => repository.id))];
  const [notes, aliases, authors, admissions] = await Promise.all([
    notesOf(context, repositories),
    aliasesOf(context, repositories),
    namesOf(
      context,
      versions.map(({ version }) => version.created_by),
    ),
    admissionsOf(
      context,
      repositories,
      versions.map(({ version }) => version.manifest),
    ),
  ]);
  return versions.map(({ repository, version }) => ({
    repository,
    version,
    admission: admissions.get(`${repository.id} ${version.manifest}`),
    note: notes.get(noteKey(repository.id, version.number)),
    aliases: aliases.get(repository.id) ?? [],
    author: authors.get(version.created_by) ?? version.created_by,
  }));
}

async function admissionsOf(
  context: RegistryContext,
  repositories: readonly string[],
  manifests: readonly string[],
): Promise<ReadonlyMap<string, Admission>> {
  const rows = await context.store.db
    .selectFrom('admission')
    .selectAll()
    .where('repository_id', 'in', [...repositories])
    .where('manifest', 'in', [...new Set(manifests)])
    .execute();
  return new Map(rows.map((row) => [`${row.repository_id} ${row.manifest}`, row]));
}

/** Names of principals by id. */
export async function namesOf(context: RegistryContext, principals: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (principals.length === 0) return new Map();
  const rows = await context.store.db
    .selectFrom('principal')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(principals)])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
