import { type Admission, blockedReason } from '../../engine/registry/admit.ts';
import type { Alias } from '../../engine/registry/aliases.ts';
import type { StoredNote } from '../../engine/registry/model-notes.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { VersionDetails } from '../../engine/registry/version-details.ts';

/** Where the files of a version are downloaded. */
export function versionRoot(repository: Pick<Repository, 'namespace' | 'name'>, version: number): string {
  return `mlflow-artifacts:/registry/${repository.namespace}/${repository.name}/${version}`;
}

/** `name` is what the client calls the model. */
export function versionMessage(name: string, parts: VersionDetails, stage: string): object {
  const { repository, version, admission, note, aliases, author } = parts;
  return {
    name,
    version: String(version.number),
    creation_timestamp: version.created_at,
    last_updated_timestamp: Math.max(version.created_at, note?.updatedAt ?? 0),
    user_id: author,
    current_stage: stage,
    description: note?.description ?? '',
    source: note?.source === undefined || note.source === '' ? versionRoot(repository, version.number) : note.source,
    run_id: note?.runId ?? '',
    ...statusOf(admission),
    run_link: note?.runLink ?? '',
    tags: note?.tags ?? [],
    aliases: aliases.filter((one) => one.version === version.number).map(({ alias }) => alias),
    ...(note !== undefined && note.modelId !== '' && { model_id: note.modelId }),
  };
}

/** Clients wait while it is pending, and show the message when it failed. */
function statusOf(admission: Admission | undefined): { readonly status: string; readonly status_message: string } {
  if (admission?.state === 'admitted') return { status: 'READY', status_message: admission.reason };
  if (admission?.state === 'pending') return { status: 'PENDING_REGISTRATION', status_message: blockedReason(admission) };
  return { status: 'FAILED_REGISTRATION', status_message: blockedReason(admission) };
}

/** A registered model with its newest version of each stage. */
export interface ModelParts {
  readonly repository: Repository;
  readonly note: StoredNote | undefined;
  readonly aliases: readonly Alias[];
  readonly latest: readonly object[];
  readonly author: string;
}

export function modelMessage(name: string, { repository, note, aliases, latest, author }: ModelParts): object {
  return {
    name,
    creation_timestamp: repository.created_at,
    last_updated_timestamp: repository.updated_at,
    user_id: author,
    description: note?.description ?? '',
    latest_versions: latest,
    tags: note?.tags ?? [],
    aliases: aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  };
}
