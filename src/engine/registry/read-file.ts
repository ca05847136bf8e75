import type { Readable } from 'node:stream';
import { CordonError, errorCode } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import { authorize } from './authorize.ts';
import { admissionOf, requireAdmitted } from './admit.ts';
import type { RegistryContext } from './context.ts';
import type { ManifestEntry } from './manifest.ts';
import { Remembered } from './remembered.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import type { Revision } from './revisions.ts';

/** A file that may be served. */
export interface ServableFile extends ManifestEntry {
  /** Git blob SHA-1, for small files. */
  readonly gitSha1: string | null;
  readonly manifest: string;
  /** `start` inclusive, `end` exclusive, in bytes. */
  open(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

/**
 * The one way out for bytes: the principal may read the repository, a gate has admitted the revision, and the revision has the
 * file. Throws `repository.missing`, `registry.blocked` or `file.missing`.
 */
export async function openServable(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  revision: Pick<Revision, 'manifest' | 'id'>,
  path: string,
): Promise<ServableFile> {
  authorize(principal, 'read', repository);
  const entry = await fileOf(context, revision.manifest, path);
  await requireServed(context, principal, repository, revision.manifest, path);
  if (entry === undefined)
    throw new CordonError('file.missing', `the revision ${revision.id} has no file ${JSON.stringify(path.slice(0, 200))}`);
  return {
    path,
    sha256: entry.sha256,
    size: entry.size,
    gitSha1: entry.git_sha1,
    manifest: revision.manifest,
    open: (range) => context.blobs.read(entry.sha256, range),
  };
}

/** A gate has admitted the set of files; who asks for a path of one that was refused is in the ledger. Throws `registry.blocked`. */
export async function requireServed(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  manifest: string,
  path: string,
): Promise<void> {
  try {
    await requireAdmitted(context, repository, manifest);
  } catch (error) {
    if (errorCode(error) === 'registry.blocked') await noteDenied(context, principal, repository, manifest, path);
    throw error;
  }
}

/** Why not while a scan is under way: nothing has been refused yet. */
async function noteDenied(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  manifest: string,
  path: string,
): Promise<void> {
  const admission = await admissionOf(context, repository, manifest);
  if (admission?.state !== 'quarantined' && admission?.state !== 'recalled') return;
  const { reason } = admission;
  context.denials.add(
    { repository: repositoryId(repository), manifest, path: path.slice(0, 1_024), by: principal.name, reason },
    context.now(),
  );
}

/** An entry of a manifest with what is known of its content. */
export type KnownEntry = ManifestEntry & { readonly git_sha1: string | null };

/** Why so many: clients look up every file of a model, one after the other, again and again. */
const ENTRIES = new Remembered<KnownEntry>(50_000);

function fileOf(context: RegistryContext, manifest: string, path: string): Promise<KnownEntry | undefined> {
  return ENTRIES.get(context.store, `${manifest} ${path}`, () => readEntry(context, manifest, path));
}

async function readEntry(context: RegistryContext, manifest: string, path: string): Promise<KnownEntry | undefined> {
  return context.store.db
    .selectFrom('manifest_entry')
    .innerJoin('blob', 'blob.sha256', 'manifest_entry.sha256')
    .select(['manifest_entry.path', 'manifest_entry.sha256', 'manifest_entry.size', 'blob.git_sha1'])
    .where('manifest_entry.manifest', '=', manifest)
    .where('manifest_entry.path', '=', path)
    .executeTakeFirst();
}
