import { aliasesOf } from '../../engine/registry/aliases.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { noteKey, notesOf, WHOLE_MODEL } from '../../engine/registry/model-notes.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import { detailsOf, namesOf } from '../../engine/registry/version-details.ts';
import { listVersions, type Version } from '../../engine/registry/versions.ts';
import { modelMessage, versionMessage } from './model-messages.ts';
import { stageName } from './stages.ts';

/** Messages about versions. `nameOf` says what the client calls a model. */
export async function versionMessages(
  context: RegistryContext,
  versions: readonly { readonly repository: Repository; readonly version: Version }[],
  nameOf: (repository: Repository) => string,
): Promise<object[]> {
  const details = await detailsOf(context, versions);
  return details.map((one) => versionMessage(nameOf(one.repository), one, stageName(context, one.version.stage)));
}

/** Messages about registered models, with the newest version of each stage. */
export async function modelMessages(
  context: RegistryContext,
  repositories: readonly Repository[],
  nameOf: (repository: Repository) => string,
): Promise<object[]> {
  const ids = repositories.map(({ id }) => id);
  const [notes, aliases, authors] = await Promise.all([
    notesOf(context, ids),
    aliasesOf(context, ids),
    namesOf(
      context,
      repositories.map(({ created_by }) => created_by),
    ),
  ]);
  return Promise.all(
    repositories.map(async (repository) =>
      modelMessage(nameOf(repository), {
        repository,
        note: notes.get(noteKey(repository.id, WHOLE_MODEL)),
        aliases: aliases.get(repository.id) ?? [],
        author: authors.get(repository.created_by) ?? repository.created_by,
        latest: await latestMessages(context, repository, nameOf, []),
      }),
    ),
  );
}

/** The newest version of each stage, or of the stages asked for by the names MLflow has for them. */
export async function latestMessages(
  context: RegistryContext,
  repository: Repository,
  nameOf: (repository: Repository) => string,
  stages: readonly string[],
): Promise<object[]> {
  const newest = new Map<string, Version>();
  for (const version of await listVersions(context, repository)) {
    const stage = stageName(context, version.stage).toLowerCase();
    if (!newest.has(stage)) newest.set(stage, version);
  }
  const wanted = new Set(stages.map((stage) => stage.toLowerCase()));
  const chosen = [...newest].filter(([stage]) => wanted.size === 0 || wanted.has(stage)).map(([, version]) => ({ repository, version }));
  return versionMessages(context, chosen, nameOf);
}
