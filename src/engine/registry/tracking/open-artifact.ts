import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { type ManifestEntry, manifestDigest } from '../manifest.ts';
import type { ServableFile } from '../read-file.ts';
import { type Artifact, type ArtifactOwner, artifactsBelow, artifactsOf } from './artifacts.ts';
import { decideFiles } from './decide-files.ts';
import { missing } from './experiments.ts';

const MODEL_FILE = 'MLmodel';

/** What is decided and served together: a whole model, or a single file that belongs to none. */
interface Unit {
  readonly files: readonly ManifestEntry[];
  readonly manifest: string;
}

/**
 * The one way out for artifacts of runs and logged models, which the caller has opened for reading: a gate decides first, about
 * the whole model that a file belongs to. Throws `tracking.missing` or `registry.blocked`. Why also for the uploader: what comes
 * back is loaded, by whoever wrote it.
 */
export async function openArtifact(
  context: RegistryContext,
  principal: Principal,
  owner: ArtifactOwner,
  path: string,
  client: string,
): Promise<ServableFile> {
  const artifacts = await artifactsOf(context, owner);
  const artifact = artifacts.find((one) => one.path === path);
  if (artifact === undefined) throw missing(`artifact ${JSON.stringify(path.slice(0, 200))}`);
  const unit = unitOf(owner, artifacts, artifact);
  const refusal = await decideFiles(context, unit.manifest, unit.files);
  if (refusal !== '') throw new CordonError('registry.blocked', refusal);
  await notePull(context, principal, owner, unit.manifest, client);
  const { sha256, size } = artifact;
  return { path, sha256, size, gitSha1: null, manifest: unit.manifest, open: (range) => context.blobs.read(sha256, range) };
}

/** All of a logged model; in a run, the folder above that has an `MLmodel`, or else the file alone. */
function unitOf(owner: ArtifactOwner, artifacts: readonly Artifact[], artifact: Artifact): Unit {
  const folder = owner.kind === 'logged-model' ? '' : modelFolder(artifacts, artifact.path);
  const { path, sha256, size } = artifact;
  const files = folder === undefined ? [{ path, sha256, size }] : artifactsBelow(artifacts, folder);
  return { files, manifest: manifestDigest(files) };
}

function modelFolder(artifacts: readonly Artifact[], path: string): string | undefined {
  const paths = new Set(artifacts.map((one) => one.path));
  const parts = path.split('/').slice(0, -1);
  for (let depth = parts.length; depth >= 0; depth--) {
    const folder = parts.slice(0, depth).join('/');
    if (paths.has(folder === '' ? MODEL_FILE : `${folder}/${MODEL_FILE}`)) return folder;
  }
  return undefined;
}

/** Why: who loads a model from its run has it as surely as who loads the version that was made of it; a recall tells of both. */
async function notePull(
  context: RegistryContext,
  principal: Principal,
  owner: ArtifactOwner,
  manifest: string,
  client: string,
): Promise<void> {
  const repositories = await context.store.db.selectFrom('admission').select('repository_id').where('manifest', '=', manifest).execute();
  for (const { repository_id: repositoryId } of repositories) {
    context.pulls.add({ repositoryId, revision: owner.id, manifest, principal: principal.id, client }, context.now());
  }
}
