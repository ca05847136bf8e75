import { errorMessage } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Tx } from '../../store/open-store.ts';
import { admit } from './admit.ts';
import { authorize } from './authorize.ts';
import { commitIn, type FileChange } from './commit.ts';
import type { RegistryContext } from './context.ts';
import { recordEvidence } from './evidence/record-evidence.ts';
import { lockRepository } from './lock-repository.ts';
import { loadManifest, type ManifestEntry } from './manifest.ts';
import { type ModelNote, noteVersionIn } from './model-notes.ts';
import type { Repository } from './repositories.ts';
import { findRef, findRevision, type Revision } from './revisions.ts';
import { sealIn, type Version } from './versions.ts';

const MAIN = 'refs/heads/main';

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
  // Why one transaction: a crash in between would leave a branch that moved without a version, or a version of which nobody knows where
  // it came from, and the client that asks again would get another one.
  const sealed = await context.store.transaction(async (tx) => {
    const revision = await commitExactly(tx, context, principal, repository, version);
    // Why further: every registration has a number of its own, with its own run and notes, also for the same files.
    const made = await sealIn(tx, context, principal, repository, revision, { isFurther: true });
    await noteVersionIn(tx, context, principal, repository, made, version.note, version.tags);
    return made;
  });
  context.announcer.wake();
  admit(context, repository, sealed.manifest)
    // Why here: files that were admitted before make no new decision, and the new version has to be signed all the same.
    .then(({ state }) => (state === 'admitted' ? recordEvidence(context, repository, sealed.manifest) : undefined))
    .catch((error: unknown) => {
      context.log.error({ version: sealed.number, error: errorMessage(error) }, 'a registered version could not be decided');
    });
  return sealed;
}

async function commitExactly(
  tx: Tx,
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  { files, title }: NewVersion,
): Promise<Revision> {
  // Why first: nobody else moves the branch from here on.
  await lockRepository(tx, repository);
  const ref = await findRef(tx, repository.id, MAIN);
  const head = ref === undefined ? undefined : await findRevision(tx, repository.id, ref.revision);
  const wanted = new Set(files.map(({ path }) => path));
  const before = head === undefined ? [] : await loadManifest(tx, head.manifest);
  const changes: FileChange[] = [
    ...before.filter(({ path }) => !wanted.has(path)).map(({ path }) => ({ change: 'delete', path }) as const),
    ...files.map(({ path, sha256 }) => ({ change: 'put', path, sha256 }) as const),
  ];
  return commitIn(tx, context, principal, repository, { ref: MAIN, title, changes, ...(head !== undefined && { parent: head.id }) });
}
