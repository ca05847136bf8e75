import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CordonError } from '../../../core/errors.ts';
import { BackgroundChecks } from '../background-checks.ts';
import type { BlobStore, ByteRange, Integrity, ListedBlob, Staging, StoredBlob } from '../blob-store.ts';
import { checkRange } from '../byte-range.ts';
import { checkedDigest } from '../digest.ts';
import { StagingArea } from '../staging-area.ts';
import { READ_BYTES } from '../read-buffers.ts';
import { VerifiedReader } from '../verified-reader.ts';
import { VerifyingTransform } from '../verifying-transform.ts';
import { objectSize, openBucket, type Bucket, type BucketLocation } from './bucket.ts';
import { LocalCache } from './local-cache.ts';
import { onS3, statusOf } from './s3-error.ts';
import { Slots } from './slots.ts';
import { uploadObject } from './upload-object.ts';

/** Where blobs are, and what of this machine's disk they may use. */
export interface S3BlobOptions extends BucketLocation {
  /** Folder for uploads in progress and for copies. */
  readonly folder: string;
  /** Bound of the copies, bytes. Default 64 GiB. */
  readonly cacheBytes?: number;
  /** Largest blob, bytes. Default 512 GiB. */
  readonly maxBlobBytes?: number;
  /** How often the blob behind range reads is checked, milliseconds. Default a day. */
  readonly rangeCheckMs?: number;
  /** Told when a blob turned out to be corrupt; it is out of service by then. */
  readonly onCorrupt?: (sha256: string) => void;
}

/** Opens a blob store in a bucket. */
export async function openS3Blobs(options: S3BlobOptions): Promise<S3BlobStore> {
  const store = new S3BlobStore(options, await openBucket(options));
  await store.prepare();
  return store;
}

/**
 * Blobs as objects `<prefix>sha256/ab/<digest>`. Uploads grow in a local file, where they are resumable and hashed, and are
 * sent when they are complete: an object exists only with its right content, and the scanner finds the bytes at hand.
 */
export class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #staging: StagingArea;
  readonly #cache: LocalCache;
  readonly #slots = new Slots(8);
  readonly #checks: BackgroundChecks;
  readonly #onCorrupt: (sha256: string) => void;

  constructor(options: S3BlobOptions, bucket: Bucket) {
    this.#bucket = bucket;
    this.#staging = new StagingArea(join(options.folder, 'staging'), options.maxBlobBytes ?? 2 ** 39, (path, blob) =>
      this.#publish(path, blob),
    );
    this.#cache = new LocalCache(join(options.folder, 'cache'), options.cacheBytes ?? 2 ** 36);
    this.#onCorrupt = options.onCorrupt ?? (() => undefined);
    this.#checks = new BackgroundChecks(options.rangeCheckMs ?? 86_400_000, (sha256) => this.#checkAndSetAside(sha256));
  }

  async prepare(): Promise<void> {
    await this.#staging.prepare();
    await this.#cache.prepare();
  }

  stage(options?: { readonly id?: string }): Promise<Staging> {
    return this.#staging.stage(options?.id);
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.size(sha256)) !== undefined;
  }

  async size(sha256: string): Promise<number | undefined> {
    return objectSize(this.#bucket, this.#key(sha256));
  }

  async read(sha256: string, range?: ByteRange): Promise<Readable> {
    const local = await this.#local(sha256);
    if (range === undefined) {
      if (local !== undefined) return new VerifiedReader(local, sha256, (intact) => void (intact || this.#cache.remove(sha256)));
      return verified(await this.#fetch(sha256), sha256, (intact) => {
        if (!intact) this.#checks.now(sha256);
      });
    }
    try {
      const size = local === undefined ? await this.size(sha256) : (await local.stat()).size;
      if (size === undefined) throw new CordonError('storage.missing', 'the content is not in the store');
      checkRange(range, size);
      this.#checks.wanted(sha256);
      if (range.start === range.end) {
        await local?.close();
        return Readable.from([]);
      }
      if (local === undefined) return await this.#fetch(sha256, range);
      return local.createReadStream({ start: range.start, end: range.end - 1, highWaterMark: READ_BYTES });
    } catch (error) {
      await local?.close();
      throw error;
    }
  }

  localPath(sha256: string): Promise<string> {
    checkedDigest(sha256);
    return this.#cache.fetch(sha256, () => this.#fetch(sha256));
  }

  async verify(sha256: string): Promise<Integrity> {
    try {
      for await (const _ of verified(await this.#fetch(sha256), sha256));
      return 'intact';
    } catch (error) {
      if (error instanceof CordonError && error.code === 'storage.missing') return 'missing';
      if (error instanceof CordonError && error.code === 'storage.corrupt') return 'corrupt';
      throw error;
    }
  }

  /** Objects above 5 GiB, which S3 does not copy in one request, are removed without a copy. */
  async setAside(sha256: string): Promise<void> {
    const { s3, client, bucket, prefix } = this.#bucket;
    const key = this.#key(sha256);
    const copy = { Bucket: bucket, CopySource: encodeURI(`${bucket}/${key}`), Key: `${prefix}corrupt/${sha256}.${Date.now()}` };
    await onS3(async () => {
      const size = await objectSize(this.#bucket, key);
      if (size === undefined) return;
      if (size <= 5 * 2 ** 30) await client.send(new s3.CopyObjectCommand(copy));
    });
    await this.remove(sha256);
  }

  async remove(sha256: string): Promise<void> {
    const { s3, client, bucket } = this.#bucket;
    await this.#cache.remove(sha256);
    await onS3(() => client.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key: this.#key(sha256) })));
  }

  async *list(): AsyncIterable<ListedBlob> {
    const { s3, client, bucket, prefix } = this.#bucket;
    for (let token: string | undefined; ;) {
      const request = { Bucket: bucket, Prefix: `${prefix}sha256/`, ...(token === undefined ? {} : { ContinuationToken: token }) };
      const page = await onS3(() => client.send(new s3.ListObjectsV2Command(request)));
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const sha256 = Key.slice(-64);
        if (Key === `${prefix}sha256/${sha256.slice(0, 2)}/${sha256}` && /^[0-9a-f]{64}$/.test(sha256))
          yield { sha256, size: Size, modifiedAt: LastModified?.getTime() ?? Date.now() };
      }
      token = page.NextContinuationToken;
      if (token === undefined) return;
    }
  }

  /** Also ends uploads to the bucket that a crash left open: their parts cost space and no listing shows them. */
  async discardStale(before: number, keep: () => Promise<ReadonlySet<string>>): Promise<number> {
    const { s3, client, bucket, prefix } = this.#bucket;
    await onS3(async () => {
      const pending = await client.send(new s3.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: `${prefix}sha256/` }));
      for (const { Key, UploadId, Initiated } of pending.Uploads ?? [])
        if (Initiated !== undefined && Initiated.getTime() < before)
          await client.send(new s3.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    });
    return this.#staging.discardStale(before, keep);
  }

  /** Resolves when no check runs in the background. */
  checksDone(): Promise<void> {
    return this.#checks.idle();
  }

  async close(): Promise<void> {
    await this.#checks.close();
    this.#bucket.client.destroy();
  }

  #key(sha256: string): string {
    return `${this.#bucket.prefix}sha256/${checkedDigest(sha256).slice(0, 2)}/${sha256}`;
  }

  async #fetch(sha256: string, range?: ByteRange): Promise<Readable> {
    const { s3, client, bucket } = this.#bucket;
    const request = {
      Bucket: bucket,
      Key: this.#key(sha256),
      ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` }),
    };
    const { Body } = await onS3(() => client.send(new s3.GetObjectCommand(request)));
    return Body as Readable;
  }

  /** The copy on this disk, if there is one. */
  async #local(sha256: string): Promise<FileHandle | undefined> {
    const path = this.#cache.path(checkedDigest(sha256));
    return path === undefined ? undefined : open(path, 'r').catch(() => undefined);
  }

  async #publish(path: string, { sha256, size }: StoredBlob): Promise<void> {
    const key = this.#key(sha256);
    const there = await objectSize(this.#bucket, key);
    if (there !== undefined && there !== size) {
      // The bytes in hand were just checked; the others cannot have this digest.
      await this.setAside(sha256);
      this.#onCorrupt(sha256);
    }
    if (there !== size) await this.#send(path, key, size);
    await this.#cache.adopt(sha256, path, size);
  }

  /** Why again on 409: another upload of the same content was being completed at that moment. */
  async #send(path: string, key: string, size: number): Promise<void> {
    try {
      await uploadObject(this.#bucket, { path, key, size }, this.#slots);
    } catch (error) {
      if (statusOf((error as Error).cause) !== 409) throw error;
      await uploadObject(this.#bucket, { path, key, size }, this.#slots);
    }
    if ((await objectSize(this.#bucket, key)) !== size)
      throw new CordonError('storage.unavailable', 'the object store did not keep the object');
  }

  async #checkAndSetAside(sha256: string): Promise<Integrity> {
    const integrity = await this.verify(sha256);
    if (integrity === 'corrupt') {
      await this.setAside(sha256);
      this.#onCorrupt(sha256);
    }
    return integrity;
  }
}

function verified(source: Readable, sha256: string, onResult?: (intact: boolean) => void): Readable {
  const check = new VerifyingTransform(sha256, onResult);
  // The failure of either reaches the reader as the failure of the check.
  pipeline(source, check, () => undefined);
  return check;
}
