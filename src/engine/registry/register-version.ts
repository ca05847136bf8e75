import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import { admit } from './admit.ts';
import { authorize } from './authorize.ts';
import { commit, type FileChange } from './commit.ts';
import type { RegistryContext } from './context.ts';
import { loadManifest, type ManifestEntry } from './manifest.ts';
import { type ModelNote, noteVersion } from './model-notes.ts';
import type { Repository } from './repositories.ts';
import { findRef, findRevision, type Revision } from './revisions.ts';
import { seal, type Version } from './versions.ts';

const MAIN = 'refs/heads/main';
const ATTEMPTS = 5;

/** A version as a client registers it: exactly these files, whatever was on the branch before. */
export interface NewVersion {
  readonly files: readonly ManifestEntry[];
  readonly title: string;
  readonly note: ModelNote;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Makes files that are stored already the next version of a repository, frozen by their digest, and has the gate decide about
 * it. No byte is copied. Answers before the gate has decided.
 */
export async function registerVersion(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: NewVersion,
): Promise<Version> {
  authorize(principal, 'write', repository);
  const revision = await commitExactly(context, principal, repository, version);
  // Why further: every registration has a number of its own, with its own run and notes, also for the same files.
  const sealed = await seal(context, principal, repository, revision, { isFurther: true });
  await noteVersion(context, principal, repository, sealed, version.note, version.tags);
  admit(context, repository, sealed.manifest).catch((error: unknown) => {
    context.log.error({ revision: revision.id, error: errorMessage(error) }, 'a registered version could not be decided');
  });
  return sealed;
}

async function commitExactly(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  { files, title }: NewVersion,
): Promise<Revision> {
  for (let attempt = 1; ; attempt++) {
    const head = await headOf(context, repository);
    const wanted = new Set(files.map(({ path }) => path));
    const before = head === undefined ? [] : await loadManifest(context.store.db, head.manifest);
    const changes: FileChange[] = [
      ...before.filter(({ path }) => !wanted.has(path)).map(({ path }) => ({ change: 'delete', path }) as const),
      ...files.map(({ path, sha256 }) => ({ change: 'put', path, sha256 }) as const),
    ];
    try {
      return await commit(context, principal, repository, {
        ref: MAIN,
        title,
        changes,
        ...(head !== undefined && { parent: head.id }),
      });
    } catch (error) {
      // Why again: somebody else registered at the same time, and both are to get a version.
      if (!(error instanceof CordonError) || error.code !== 'registry.conflict' || attempt === ATTEMPTS) throw error;
    }
  }
}

async function headOf(context: RegistryContext, repository: Repository): Promise<Revision | undefined> {
  const { db } = context.store;
  const ref = await findRef(db, repository.id, MAIN);
  return ref === undefined ? undefined : findRevision(db, repository.id, ref.revision);
}
