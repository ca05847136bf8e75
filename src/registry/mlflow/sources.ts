import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { loadManifest, type ManifestEntry } from '../../engine/registry/manifest.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { type ArtifactOwner, artifactsBelow, artifactsOf, openArtifactOwner } from '../../engine/registry/tracking/artifacts.ts';
import { openLoggedModel } from '../../engine/registry/tracking/logged-models.ts';
import { openVersion } from '../../engine/registry/versions.ts';
import { addressOf } from './addresses.ts';
import { modelRepository } from './model-names.ts';

/** The files that a version is to be made of, and what they came from. */
export interface Source {
  readonly files: readonly ManifestEntry[];
  readonly runId: string;
  readonly modelId: string;
}

/**
 * What a client means by the `source` of a version, as far as the principal may read it: a logged model, artifacts of a run, or
 * another version. Throws `request.invalid` for everything that is not in this registry. Why: what lies elsewhere can change.
 */
export async function filesOf(context: RegistryContext, principal: Principal, source: string): Promise<Source> {
  const found = await resolve(context, principal, source);
  if (found.files.length === 0) throw new CordonError('request.invalid', `there are no files at ${JSON.stringify(source.slice(0, 300))}`);
  return found;
}

async function resolve(context: RegistryContext, principal: Principal, source: string): Promise<Source> {
  const logged = /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
  if (logged !== undefined) return fromOwner(context, principal, 'logged-model', logged, '');
  const registered = /^models:\/(.+)\/([1-9]\d{0,14})$/.exec(source);
  if (registered !== null) return fromVersion(context, principal, registered[1] as string, Number(registered[2]));
  const run = /^runs:\/+([0-9a-f]{32})(?:\/(.*))?$/.exec(source);
  if (run !== null) return fromOwner(context, principal, 'run', run[1] as string, run[2] ?? '');
  const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*)$/.exec(source)?.[1];
  const address = path === undefined ? undefined : addressOf(path);
  if (address?.kind === 'version') return fromVersion(context, principal, address.repository, address.version);
  if (address?.kind === 'owner') return fromOwner(context, principal, address.owner, address.id, address.path);
  throw new CordonError(
    'request.invalid',
    `Invalid model version source: ${JSON.stringify(source.slice(0, 300))}. Register from a run or logged model of this server`,
  );
}

async function fromVersion(context: RegistryContext, principal: Principal, name: string, number: number): Promise<Source> {
  const repository = await openRepository(context, principal, modelRepository(name));
  const version = await openVersion(context, repository, number);
  return { files: await loadManifest(context.store.db, version.manifest), runId: '', modelId: '' };
}

async function fromOwner(
  context: RegistryContext,
  principal: Principal,
  kind: ArtifactOwner['kind'],
  id: string,
  path: string,
): Promise<Source> {
  const owner = await openArtifactOwner(context, principal, kind, id, 'read');
  const files = artifactsBelow(await artifactsOf(context, owner), path.replace(/\/+$/, ''));
  if (kind === 'run') return { files, runId: id, modelId: '' };
  return { files, runId: (await openLoggedModel(context, principal, id)).source_run_id, modelId: id };
}
