import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import type { VersionTable } from '../../store/schema/repositories.ts';
import { admissionOf } from './admit.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { lockRepository } from './lock-repository.ts';
import { recordEvidence } from './evidence/record-evidence.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import { findRef, type Revision } from './revisions.ts';
import { moveRef } from './commit.ts';

export type Version = Selectable<VersionTable>;

/** How a revision is sealed. */
export interface SealOptions {
  /** A new number even for a revision that is a version already. */
  readonly isFurther?: boolean;
}

/**
 * Makes a revision a numbered version, frozen by its digest, with the tag `v<number>`. The same revision sealed again is the
 * same version, unless a further one is asked for.
 */
export async function seal(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  revision: Revision,
  options: SealOptions = {},
): Promise<Version> {
  authorize(principal, 'write', repository);
  const version = await context.store.transaction((tx) => sealIn(tx, context, principal, repository, revision, options));
  context.announcer.wake();
  const admission = await admissionOf(context, repository, version.manifest);
  if (admission?.state === 'admitted') await recordEvidence(context, repository, version.manifest);
  return version;
}

/** The same inside a transaction, together with what it is a version of. Callers authorize, and wake the announcer. */
export async function sealIn(
  tx: Tx,
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  revision: Revision,
  { isFurther = false }: SealOptions,
): Promise<Version> {
  await lockRepository(tx, repository);
  const before = await everyVersion(tx, repository).where('revision', '=', revision.id).where('deleted_at', 'is', null).executeTakeFirst();
  if (before !== undefined && !isFurther) return before;
  const last = await everyVersion(tx, repository).orderBy('number', 'desc').limit(1).executeTakeFirst();
  const now = context.now();
  const number = await freeNumber(tx, repository, (last?.number ?? 0) + 1);
  const version: Version = {
    id: newId(),
    repository_id: repository.id,
    number,
    revision: revision.id,
    manifest: revision.manifest,
    stage: '',
    created_by: principal.id,
    created_at: now,
    deleted_at: null,
  };
  await tx.insertInto('version').values(version).execute();
  await moveRef(tx, repository, `refs/tags/v${number}`, revision.id, now);
  await appendEntry(tx, {
    kind: 'version.sealed',
    body: {
      repository: repositoryId(repository),
      kind: repository.kind,
      version: number,
      revision: revision.id,
      manifest: revision.manifest,
      by: principal.name,
    },
  });
  await context.announcer.announce(tx, 'version.sealed', {
    repository: repositoryId(repository),
    kind: repository.kind,
    version: number,
    manifest: revision.manifest,
  });
  return version;
}

/** Why: somebody may have made a tag or branch `v7` by hand; a version never moves it, and never shares its name. */
async function freeNumber(tx: Tx, repository: Repository, from: number): Promise<number> {
  let number = from;
  const isTaken = async (name: string): Promise<boolean> => (await findRef(tx, repository.id, name)) !== undefined;
  while ((await isTaken(`refs/tags/v${number}`)) || (await isTaken(`refs/heads/v${number}`))) number++;
  return number;
}

/** The versions of a repository, newest first. */
export async function listVersions(context: RegistryContext, repository: Repository): Promise<Version[]> {
  return everyVersion(context.store.db, repository).where('deleted_at', 'is', null).orderBy('number', 'desc').execute();
}

/** The versions that a set of files is, newest first. */
export async function versionsOf(context: RegistryContext, repository: Repository, manifest: string): Promise<Version[]> {
  return everyVersion(context.store.db, repository)
    .where('manifest', '=', manifest)
    .where('deleted_at', 'is', null)
    .orderBy('number', 'desc')
    .execute();
}

/** A version by its number. Throws `revision.missing`. */
export async function openVersion(context: RegistryContext, repository: Repository, number: number): Promise<Version> {
  const version = await everyVersion(context.store.db, repository)
    .where('number', '=', number)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (version === undefined) throw new CordonError('revision.missing', `${repositoryId(repository)} has no version ${number}`);
  return version;
}

function everyVersion(db: Pick<Tx, 'selectFrom'>, repository: Repository) {
  return db.selectFrom('version').selectAll().where('repository_id', '=', repository.id);
}
