import type { Selectable } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Action, Principal } from '../../../identity/permission.ts';
import type { Expected } from '../../../store/blobs/blob-store.ts';
import { finishUpload } from '../../../store/blobs/keep-blob.ts';
import { releaseLeases } from '../../../store/blobs/lease.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { MlflowArtifactTable } from '../../../store/schema/mlflow.ts';
import { assessFiles } from '../assess.ts';
import type { RegistryContext } from '../context.ts';
import { type ManifestEntry, manifestDigest, sortedByPath } from '../manifest.ts';
import { checkFilePath } from '../names.ts';
import { chargeBytes, type Content } from '../quotas.ts';
import { bounded } from '../upload.ts';
import { missing, requireActive } from './experiments.ts';
import { openLoggedModel } from './logged-models.ts';
import { openRun } from './runs.ts';

export type Artifact = Selectable<MlflowArtifactTable>;

/** A run or logged model whose artifacts are meant. */
export interface ArtifactOwner {
  readonly kind: 'run' | 'logged-model';
  readonly id: string;
  readonly experimentId: string;
  readonly lifecycle: string;
}

/** Files of one run or logged model. Why: every listing reads them all. */
const FILES_AT_MOST = 100_000;
const LEASE_MS = 24 * 60 * 60 * 1_000;

/** The owner of artifacts by its id; whoever asks must be allowed to in its experiment, whatever the address of the request says. */
export async function openArtifactOwner(
  context: RegistryContext,
  principal: Principal,
  kind: ArtifactOwner['kind'],
  id: string,
  action: Action,
): Promise<ArtifactOwner> {
  const owner = kind === 'run' ? await openRun(context, principal, id, action) : await openLoggedModel(context, principal, id, action);
  return { kind, id: owner.id, experimentId: owner.experiment_id, lifecycle: owner.lifecycle };
}

async function chargeExperiment(context: RegistryContext, tx: Tx, id: string, content: Content): Promise<void> {
  const experiment = await tx.selectFrom('mlflow_experiment').select('namespace').where('id', '=', id).executeTakeFirst();
  if (experiment !== undefined) await chargeBytes(context, tx, experiment.namespace, [content]);
}

/** Takes in a file; what is at the path is replaced, which changes no version that was made of it. */
export async function putArtifact(
  context: RegistryContext,
  principal: Principal,
  owner: ArtifactOwner,
  path: string,
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
): Promise<Artifact> {
  checkFilePath(path);
  requireActive(owner);
  const staging = await context.blobs.stage();
  try {
    await staging.append(bounded(source, expected.size ?? context.config.registry.maxFileBytes));
    const holder = { holder: principal.id, repositoryId: null };
    const blob = await finishUpload(context.store, staging, expected, LEASE_MS, holder, (tx, content) =>
      chargeExperiment(context, tx, owner.experimentId, content),
    );
    const row: Artifact = {
      owner: owner.id,
      experiment_id: owner.experimentId,
      path,
      sha256: blob.sha256,
      size: blob.size,
      uploaded_by: principal.id,
      created_at: context.now(),
    };
    await context.store.transaction(async (tx) => {
      await refuseFolderClash(tx, owner.id, path);
      const { owner: _owner, path: _path, ...rest } = row;
      await tx
        .insertInto('mlflow_artifact')
        .values(row)
        .onConflict((conflict) => conflict.columns(['owner', 'path']).doUpdateSet(rest))
        .execute();
      await releaseLeases(tx, [blob.lease]);
    });
    scanAhead(context, owner, { path, sha256: row.sha256, size: row.size });
    return row;
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

/** Why: a download would have to make one path a file and a folder. */
async function refuseFolderClash(tx: Tx, owner: string, path: string): Promise<void> {
  const folders = path.split('/').flatMap((_, index, parts) => (index === 0 ? [] : [parts.slice(0, index).join('/')]));
  const files = tx.selectFrom('mlflow_artifact').select('path').where('owner', '=', owner);
  const above = folders.length === 0 ? undefined : await files.where('path', 'in', folders).executeTakeFirst();
  // `0` follows `/` in ASCII: everything in between lies in the folder.
  const below = await files.where('path', '>=', `${path}/`).where('path', '<', `${path}0`).executeTakeFirst();
  const clash = above?.path ?? (below === undefined ? undefined : path);
  if (clash !== undefined) throw new CordonError('request.invalid', `${JSON.stringify(clash)} cannot be a file and a folder`);
}

/** Scans right away, so that the first reader need not wait. What fails here is scanned again when somebody reads. */
function scanAhead(context: RegistryContext, owner: ArtifactOwner, entry: ManifestEntry): void {
  const files = [entry];
  assessFiles(context, manifestDigest(files), files).catch((error: unknown) => {
    context.log.warn({ owner: owner.id, path: entry.path, error: String(error) }, 'an artifact was not scanned ahead');
  });
}

/** The files of a run or logged model, sorted by path. */
export async function artifactsOf(context: RegistryContext, owner: Pick<ArtifactOwner, 'id'>): Promise<Artifact[]> {
  const rows = await context.store.db
    .selectFrom('mlflow_artifact')
    .selectAll()
    .where('owner', '=', owner.id)
    .limit(FILES_AT_MOST + 1)
    .execute();
  if (rows.length > FILES_AT_MOST) throw new CordonError('limit.reached', `${owner.id} has more than ${FILES_AT_MOST} artifacts`);
  return sortedByPath(rows);
}

/** Files below a folder, with paths from there: what a version is made of. Throws `tracking.missing` when there are none. */
export function artifactsBelow(artifacts: readonly Artifact[], folder: string): readonly ManifestEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return artifacts
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, sha256, size }) => ({ path: path.slice(prefix.length), sha256, size }));
}

/** Removes a file, a folder or, with an empty path, everything. */
export async function removeArtifacts(context: RegistryContext, principal: Principal, owner: ArtifactOwner, path: string): Promise<void> {
  requireActive(owner);
  await context.store.transaction(async (tx) => {
    const rows = tx.deleteFrom('mlflow_artifact').where('owner', '=', owner.id);
    const chosen =
      path === ''
        ? rows
        : rows.where((where) =>
            where.or([where('path', '=', path), where.and([where('path', '>=', `${path}/`), where('path', '<', `${path}0`)])]),
          );
    const { numDeletedRows } = await chosen.executeTakeFirst();
    if (numDeletedRows === 0n) throw missing(`artifact ${JSON.stringify(path.slice(0, 200))}`);
    await appendEntry(tx, {
      kind: 'artifacts.deleted',
      body: { owner: owner.id, experiment: owner.experimentId, path, files: Number(numDeletedRows), by: principal.name },
    });
  });
}
