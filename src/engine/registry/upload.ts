import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Expected, Staging, StoredBlob } from '../../store/blobs/blob-store.ts';
import { finishUpload as keepBlob } from '../../store/blobs/keep-blob.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { chargeBytes } from './quotas.ts';
import type { Repository } from './repositories.ts';

/** How long an uploaded blob waits for the commit that refers to it: uploads of large models take hours. */
export const LEASE_MS = 24 * 60 * 60 * 1_000;

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

/** Makes staged bytes a blob that the principal may refer to in a commit of the repository. */
export async function finishUpload(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  staging: Staging,
  expected: Expected,
): Promise<StoredBlob> {
  const owner = { holder: principal.id, repositoryId: repository.id };
  return keepBlob(context.store, staging, expected, LEASE_MS, owner, (tx, blob) => chargeBytes(context, tx, repository.namespace, [blob]));
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
