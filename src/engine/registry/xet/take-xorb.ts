import { CordonError } from '../../../core/errors.ts';
import { packChunks } from '../../../formats/xet/chunk-index.ts';
import { hashOfXorb } from '../../../formats/xet/hash.ts';
import { XORB_BYTES, XorbReader } from '../../../formats/xet/xorb-reader.ts';
import type { Principal } from '../../../identity/permission.ts';
import { finishUpload } from '../../../store/blobs/keep-blob.ts';
import { releaseLeases } from '../../../store/blobs/lease.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { bounded } from '../upload.ts';

/**
 * How long a xorb is kept after it was last used. Why so much longer than a day: clients remember for that long what they sent
 * to one address, and the address changes every day.
 */
export const XORB_MS = 72 * 60 * 60 * 1_000;

/**
 * Takes in a xorb: checks each chunk as it arrives and the name at the end, and keeps it for the shards that refer to it. False
 * when it was there. Throws `format.*` and `input.mismatch`.
 */
export async function takeXorb(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  hash: string,
  source: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  authorize(principal, 'write', repository);
  const reader = new XorbReader();
  const staging = await context.blobs.stage();
  try {
    await staging.append(through(reader, bounded(source, XORB_BYTES)));
    const chunks = reader.finish();
    if (hashOfXorb(chunks) !== hash) throw new CordonError('input.mismatch', 'the xorb has another hash than its address says');
    // Why nobody's lease: compressed chunks are no file that a commit could mean.
    const { sha256, lease } = await finishUpload(context.store, staging, {});
    const row = { sha256, chunks: packChunks(chunks).toString('base64'), expires_at: context.now() + XORB_MS };
    return await context.store.transaction(async (tx) => {
      const known = await tx
        .updateTable('xet_xorb')
        .set(row)
        .where('repository_id', '=', repository.id)
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (known.numUpdatedRows === 0n)
        await tx
          .insertInto('xet_xorb')
          .values({ repository_id: repository.id, hash, ...row })
          .execute();
      await releaseLeases(tx, [lease]);
      return known.numUpdatedRows === 0n;
    });
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

async function* through(reader: XorbReader, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    reader.push(bytes);
    yield bytes;
  }
}
