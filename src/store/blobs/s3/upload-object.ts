import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { CordonError } from '../../../core/errors.ts';
import type { Bucket } from './bucket.ts';
import type { Slots } from './slots.ts';
import { onS3, statusOf } from './s3-error.ts';

/** Part size, bytes; larger only where S3's 10,000 parts would not suffice. */
const PART_BYTES = 8 * 1024 * 1024;
const MAX_PARTS = 10_000;

/** A file on its way into the bucket. */
export interface Upload {
  readonly path: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Sends a file, each part with its own SHA-256 for the server to check, and never replaces an object: `If-None-Match: *`.
 * False when the object was there already. `slots` bounds the parts in memory over all uploads.
 */
export function uploadObject(bucket: Bucket, upload: Upload, slots: Slots): Promise<boolean> {
  return onS3(async () => {
    const file = await open(upload.path, 'r');
    try {
      await (upload.size <= PART_BYTES ? uploadWhole(bucket, upload, file, slots) : uploadParts(bucket, upload, file, slots));
      return true;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      throw error;
    } finally {
      await file.close();
    }
  });
}

async function uploadWhole({ s3, client, bucket }: Bucket, { key, size }: Upload, file: FileHandle, slots: Slots): Promise<void> {
  await slots.use(async () => {
    const body = await readExactly(file, 0, size);
    await client.send(new s3.PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ChecksumSHA256: checksum(body), IfNoneMatch: '*' }));
  });
}

async function uploadParts(bucket: Bucket, { key, size }: Upload, file: FileHandle, slots: Slots): Promise<void> {
  const { s3, client } = bucket;
  const target = { Bucket: bucket.bucket, Key: key };
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' }));
  const partBytes = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
  const failed = new AbortController();
  const sendPart = (index: number) =>
    slots.use(async () => {
      failed.signal.throwIfAborted();
      const start = index * partBytes;
      const body = await readExactly(file, start, Math.min(partBytes, size - start));
      const part = { PartNumber: index + 1, ChecksumSHA256: checksum(body) };
      const { ETag } = await client.send(new s3.UploadPartCommand({ ...target, UploadId, Body: body, ...part }), {
        abortSignal: failed.signal,
      });
      return { ...part, ETag };
    });
  try {
    const sending = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => sendPart(index));
    for (const part of sending) part.catch(() => failed.abort());
    const results = await Promise.allSettled(sending);
    const broken = results.find((result) => result.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    const Parts = results.map((result) => (result as PromiseFulfilledResult<Awaited<ReturnType<typeof sendPart>>>).value);
    await client.send(new s3.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' }));
  } catch (error) {
    await client.send(new s3.AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function readExactly(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(buffer, at, length - at, start + at);
    if (bytesRead === 0) throw new CordonError('storage.corrupt', 'the staged file became shorter while it was sent');
    at += bytesRead;
  }
  return buffer;
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
