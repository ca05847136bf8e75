import { Readable } from 'node:stream';
import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { requireServed, type ServableFile } from '../read-file.ts';
import type { Repository } from '../repositories.ts';
import type { Revision } from '../revisions.ts';

/**
 * Where clients that know files only find the signatures and attestations about a revision. Why in no listing: they are about the
 * files, and a download of all files must be exactly what was signed.
 */
const FOLDER = '.cordon/attestations/';
const NAME = /^\.cordon\/attestations\/([0-9a-f]{64})\.json$/;

/** The path of an attestation, as if it were a file of the revision. */
export function evidencePath(digest: string): string {
  return `${FOLDER}${digest}.json`;
}

/** Whether the path is one of an attestation, and so never of a file. */
export function isEvidencePath(path: string): boolean {
  return path.startsWith(FOLDER);
}

/** An attestation as a file. Throws as `openServable` does. */
export async function openEvidence(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  revision: Pick<Revision, 'id' | 'manifest'>,
  path: string,
): Promise<ServableFile> {
  authorize(principal, 'read', repository);
  const { manifest } = revision;
  await requireServed(context, principal, repository, manifest, path);
  const digest = NAME.exec(path)?.[1] ?? '';
  const kept = await context.store.db
    .selectFrom('attestation_use')
    .innerJoin('attestation', 'attestation.digest', 'attestation_use.attestation')
    .select('attestation.body')
    .where('attestation_use.repository_id', '=', repository.id)
    .where('attestation_use.manifest', '=', manifest)
    .where('attestation.digest', '=', digest)
    .executeTakeFirst();
  if (kept === undefined) throw new CordonError('file.missing', `nothing by that name attests the revision ${revision.id}`);
  const bytes = Buffer.from(kept.body);
  return {
    path,
    sha256: digest,
    size: bytes.length,
    gitSha1: null,
    manifest,
    open: async (range) => Readable.from([bytes.subarray(range?.start, range?.end)], { objectMode: false }),
  };
}
