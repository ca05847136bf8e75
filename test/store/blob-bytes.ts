import { createHash } from 'node:crypto';
import type { BlobStore, StoredBlob } from '../../src/store/blobs/blob-store.ts';
import { finishUpload, type KeptBlob } from '../../src/store/blobs/keep-blob.ts';
import type { Store } from '../../src/store/open-store.ts';

/** Bytes as a request would bring them. */
export async function* pieces(bytes: Uint8Array, size = 64 * 1024): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Puts bytes into a blob store, without a row in any database. */
export async function put(blobs: BlobStore, bytes: Uint8Array): Promise<StoredBlob> {
  const staging = await blobs.stage();
  await staging.append(pieces(bytes));
  return staging.finish({ size: bytes.length });
}

/** Uploads bytes as the registry does. */
export async function uploadBytes(store: Store, blobs: BlobStore, bytes: Uint8Array): Promise<KeptBlob> {
  const staging = await blobs.stage();
  await staging.append(pieces(bytes));
  return finishUpload(store, staging, { size: bytes.length });
}

/** Makes a manifest and a revision of a repository that refer to blobs. */
export async function referTo(store: Store, name: string, blobs: readonly StoredBlob[]): Promise<void> {
  const now = Date.now();
  await store.transaction(async (tx) => {
    await tx
      .insertInto('repository')
      .values({ id: name, kind: 'model', namespace: 'acme', name, private: 0, created_by: 'p', created_at: now, updated_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tx.insertInto('manifest').values({ digest: name, oms_digest: name, files: blobs.length, bytes: 0, created_at: now }).execute();
    await tx
      .insertInto('manifest_entry')
      .values(blobs.map((blob, index) => ({ manifest: name, path: `file-${index}`, sha256: blob.sha256, size: blob.size })))
      .execute();
    await tx
      .insertInto('revision')
      .values({ id: name, repository_id: name, manifest: name, parent: null, title: '', message: '', author: 'p', created_at: now })
      .execute();
  });
}
