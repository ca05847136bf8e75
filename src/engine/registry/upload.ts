import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Expected, Staging, StoredBlob } from '../../store/blobs/blob-store.ts';
import { authorize } from './authorize.ts';
import { leaseBlob } from './blob-rights.ts';
import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';

/** Takes in a whole file for a repository. What fails leaves nothing behind. */
export async function upload(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
): Promise<StoredBlob> {
  authorize(principal, 'write', repository);
  const staging = await context.blobs.stage();
  try {
    await staging.append(bounded(source, expected.size ?? context.config.registry.maxFileBytes));
    return await finishUpload(context, principal, repository, staging, expected);
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

/**
 * Makes staged bytes a blob that the principal may refer to in a commit of the repository. The lease is there before the blob
 * can be seen, so no collector comes between.
 */
export async function finishUpload(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  staging: Staging,
  expected: Expected,
): Promise<StoredBlob> {
  const { store } = context;
  const blob = await staging.finish(expected, ({ sha256 }) =>
    store.transaction((tx) => leaseBlob(tx, principal, repository, sha256, context.now())),
  );
  await store.db
    .insertInto('blob')
    .values({ sha256: blob.sha256, size: blob.size, git_sha1: blob.gitSha1, created_at: context.now() })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
  return blob;
}

/** Ends a body that is longer than it may be. Why here too: a client's announcement is a claim, not a limit. */
export async function* bounded(source: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.length;
    if (seen > bytes) throw new CordonError('request.invalid', `more than the ${bytes} bytes that were announced or are allowed`);
    yield chunk;
  }
}
