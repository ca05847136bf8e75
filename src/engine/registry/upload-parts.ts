import { createHash } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { StoredBlob } from '../../store/blobs/blob-store.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import type { Repository } from './repositories.ts';
import { bounded, finishUpload } from './upload.ts';

/** A file that comes in parts of one size; the last may be shorter. */
export interface PartedUpload {
  readonly sha256: string;
  readonly size: number;
  readonly partBytes: number;
}

/** Takes one part, numbered from 1. A part that is sent again replaces what came of it before. */
export async function takePart(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  upload: PartedUpload,
  number: number,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  authorize(principal, 'write', repository);
  const id = partId(principal, repository, upload, number);
  let staging = await context.blobs.stage({ id });
  if (staging.offset > 0) {
    await staging.discard();
    staging = await context.blobs.stage({ id });
  }
  const expected = Math.min(upload.partBytes, upload.size - (number - 1) * upload.partBytes);
  if (expected <= 0) throw new CordonError('request.invalid', `there is no part ${number}`);
  const length = await staging.append(bounded(source, expected));
  if (length !== expected) throw new CordonError('input.mismatch', `part ${number} has ${length} bytes instead of ${expected}`);
}

/** Puts the parts together. Throws `input.mismatch` when one is missing or the whole is not what was announced. */
export async function joinParts(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  upload: PartedUpload,
): Promise<StoredBlob> {
  authorize(principal, 'write', repository);
  const whole = await context.blobs.stage();
  const count = Math.ceil(upload.size / upload.partBytes);
  try {
    for (let number = 1; number <= count; number++) {
      const part = await context.blobs.stage({ id: partId(principal, repository, upload, number) });
      if (part.offset !== Math.min(upload.partBytes, upload.size - (number - 1) * upload.partBytes)) {
        await part.discard();
        throw new CordonError('input.mismatch', `part ${number} did not come`);
      }
      await whole.append((await part.read()) as AsyncIterable<Uint8Array>);
      // Why already: parts and whole would need the space twice.
      await part.discard();
    }
    return await finishUpload(context, principal, repository, whole, { sha256: upload.sha256, size: upload.size });
  } catch (error) {
    await whole.discard();
    throw error;
  }
}

/** Why by what it is: a client that starts again finds its parts. */
function partId(principal: Principal, repository: Repository, { sha256, size, partBytes }: PartedUpload, number: number): string {
  const name = createHash('sha256')
    .update(JSON.stringify([principal.id, repository.id, sha256, size, partBytes]))
    .digest('hex');
  return `part-${name.slice(0, 40)}-${number}`;
}
