import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import { type ManifestEntry, manifestDigest } from '../manifest.ts';
import { contentRecallOf } from '../recalls.ts';
import type { ServableFile } from '../read-file.ts';
import { type Artifact, type ArtifactOwner, artifactsBelow, artifactsOf } from './artifacts.ts';
import { decideFiles } from './decide-files.ts';
import { missing } from './experiments.ts';

const MODEL_FILE = 'MLmodel';

/** What is decided and served together: a whole model, or a single file that belongs to none. */
interface Unit {
  readonly files: readonly ManifestEntry[];
  readonly manifest: string;
  /** The file that was asked for, as it is among them. Why from there: another may have been put in its place since it was looked up. */
  readonly file: ManifestEntry;
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
  const folders = foldersAbove(path);
  const near = await context.store.db
    .selectFrom('mlflow_artifact')
    .selectAll()
    .where('owner', '=', owner.id)
    .where('path', 'in', [path, ...folders.map(modelFileIn)])
    .execute();
  const artifact = near.find((one) => one.path === path);
  if (artifact === undefined) throw missing(`artifact ${JSON.stringify(path.slice(0, 200))}`);
  const folder = owner.kind === 'logged-model' ? '' : folders.find((one) => near.some((file) => file.path === modelFileIn(one)));
  const unit = await unitOf(context, owner, artifact, folder);
  const refusal = (await recalledIn(context, owner, unit.files)) ?? (await decideFiles(context, unit.manifest, unit.files));
  if (refusal !== '') {
    context.denials.add({ repository: '', manifest: unit.manifest, path, by: principal.name, reason: refusal }, context.now());
    throw new CordonError('registry.blocked', refusal);
  }
  await notePull(context, principal, owner, unit.manifest, client);
  const { sha256, size } = unit.file;
  return { path, sha256, size, gitSha1: null, manifest: unit.manifest, open: (range) => context.blobs.read(sha256, range) };
}

/** Why the whole unit: what holds a recalled file is loaded with it. */
async function recalledIn(context: RegistryContext, owner: ArtifactOwner, files: readonly ManifestEntry[]): Promise<string | undefined> {
  const { db } = context.store;
  const experiment = await db.selectFrom('mlflow_experiment').select('namespace').where('id', '=', owner.experimentId).executeTakeFirst();
  const digests = [...new Set(files.map(({ sha256 }) => sha256))];
  return contentRecallOf(db, experiment?.namespace ?? '', digests);
}

/** All of a logged model; in a run, the folder above that has an `MLmodel`, or else the file alone. */
async function unitOf(context: RegistryContext, owner: ArtifactOwner, artifact: Artifact, folder: string | undefined): Promise<Unit> {
  const { path, sha256, size } = artifact;
  const files = folder === undefined ? [{ path, sha256, size }] : artifactsBelow(await artifactsOf(context, owner), folder);
  const inside = folder === undefined || folder === '' ? path : path.slice(folder.length + 1);
  const file = files.find((one) => one.path === inside);
  if (file === undefined) throw missing(`artifact ${JSON.stringify(path.slice(0, 200))}`);
  return { files, manifest: manifestDigest(files), file };
}

/** Folders that a file lies in, the innermost first and the root last. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return Array.from({ length: parts.length + 1 }, (_, up) => parts.slice(0, parts.length - up).join('/'));
}

function modelFileIn(folder: string): string {
  return folder === '' ? MODEL_FILE : `${folder}/${MODEL_FILE}`;
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
