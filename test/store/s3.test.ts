import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CordonError } from '../../src/core/errors.ts';
import type { BlobStore } from '../../src/store/blobs/blob-store.ts';
import { bucketLocation, openBlobs } from '../../src/store/blobs/open-blobs.ts';
import { openBucket } from '../../src/store/blobs/s3/bucket.ts';
import { Slots } from '../../src/store/blobs/s3/slots.ts';
import { uploadObject } from '../../src/store/blobs/s3/upload-object.ts';
import { openS3Blobs, type S3BlobStore } from '../../src/store/blobs/s3/s3-blobs.ts';
import { collectGarbage } from '../../src/store/collect-garbage.ts';
import { openStore } from '../../src/store/open-store.ts';
import { scrub } from '../../src/store/scrub.ts';
import { pieces, put, referTo, sha256, uploadBytes } from './blob-bytes.ts';
import { startS3, whyNoS3, type S3Server } from './s3-server.ts';

const missing = whyNoS3();
if (missing !== undefined) console.warn(`S3 tests skipped: ${missing}`);
const code = (error: unknown): string => (error instanceof CordonError ? error.code : String(error));

describe.skipIf(missing !== undefined)('blobs on S3', () => {
  let server: S3Server;
  let client: S3Client;
  let folder = '';
  let bucket = '';
  let buckets = 0;
  let store: S3BlobStore;
  beforeAll(async () => {
    server = await startS3();
    client = new S3Client({ endpoint: server.endpoint, forcePathStyle: true });
  });
  afterAll(() => {
    client?.destroy();
    server?.stop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordon-s3-'));
    bucket = `cordon-${Date.now()}-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    store = await reopen();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const reopen = (more: { cacheBytes?: number; folder?: string; onCorrupt?: (digest: string) => void } = {}) =>
    openS3Blobs({ folder, bucket, prefix: 'models/', endpoint: server.endpoint, ...more });
  const keyOf = (digest: string): string => `models/sha256/${digest.slice(0, 2)}/${digest}`;
  const fresh = () => reopen({ folder: join(folder, 'other') });

  test.each([0, 5, 8 * 1024 * 1024, 20_000_001])('%i bytes come back, whole, in ranges and as a file', async (size) => {
    const bytes = randomBytes(size);
    const { sha256: digest } = await put(store, bytes);
    expect(digest).toBe(sha256(bytes));
    for (const from of [store, await fresh()]) {
      expect(await from.size(digest)).toBe(size);
      expect((await buffer(await from.read(digest))).equals(bytes)).toBe(true);
      const [start, end] = [size >> 1, size - (size >> 2)];
      expect((await buffer(await from.read(digest, { start, end }))).equals(bytes.subarray(start, end))).toBe(true);
      expect((await readFile(await from.localPath(digest))).equals(bytes)).toBe(true);
      expect(await from.verify(digest)).toBe('intact');
    }
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([]);
  });

  test('the same content twice is one object, and an upload goes on after a restart', async () => {
    const bytes = randomBytes(300_000);
    const staging = await store.stage({ id: 'u' });
    await staging.append(pieces(bytes.subarray(0, 100_000)));
    const again = await (await reopen()).stage({ id: 'u' });
    expect(again.offset).toBe(100_000);
    await again.append(pieces(bytes.subarray(100_000)));
    await again.finish({ sha256: sha256(bytes) });
    await put(await fresh(), bytes);
    const listed = [];
    for await (const blob of store.list()) listed.push([blob.sha256, blob.size]);
    expect(listed).toEqual([[sha256(bytes), 300_000]]);
  });

  test.each([5, 9_000_000])('the server refuses to replace an object of %i bytes', async (size) => {
    const path = join(folder, 'file');
    await writeFile(path, randomBytes(size));
    const target = await openBucket({ bucket, prefix: '', endpoint: server.endpoint });
    expect(await uploadObject(target, { path, key: 'k', size }, new Slots(2))).toBe(true);
    expect(await uploadObject(target, { path, key: 'k', size }, new Slots(2))).toBe(false);
    target.client.destroy();
  });

  test('lists more than a page', async () => {
    for (let batch = 0; batch < 41; batch++)
      await Promise.all(
        Array.from({ length: 25 }, (_, n) => {
          const digest = sha256(Buffer.from(`${batch} ${n}`));
          return client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(digest), Body: 'x' }));
        }),
      );
    let count = 0;
    for await (const _ of store.list()) count++;
    expect(count).toBe(1025);
  });

  test('corrupt objects are never served whole, are set aside, and come back with an upload', async () => {
    const bytes = randomBytes(1_000_000);
    const { sha256: digest } = await put(store, bytes);
    const wrong = Buffer.from(bytes);
    wrong[999_999] = (wrong[999_999] as number) ^ 1;
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(digest), Body: wrong }));
    const corrupt: string[] = [];
    const other = await reopen({ folder: join(folder, 'x'), onCorrupt: (one) => corrupt.push(one) });
    expect(await other.read(digest).then(buffer).catch(code)).toBe('storage.corrupt');
    expect(await other.localPath(digest).catch(code)).toMatch(/^storage\.(corrupt|missing)$/);
    await other.checksDone();
    expect(corrupt).toEqual([digest]);
    expect(await other.has(digest)).toBe(false);
    expect(await other.read(digest).catch(code)).toBe('storage.missing');
    await put(other, bytes);
    expect(await other.verify(digest)).toBe('intact');
    expect(await readdir(join(folder, 'x', 'cache'))).toEqual([digest]);
  });

  test('copies stay within their bound, least recently used first', async () => {
    const other = await reopen({ folder: join(folder, 'small'), cacheBytes: 250 });
    for (let n = 0; n < 5; n++) await put(other, randomBytes(100));
    // Handed out just now, so they stay; a new process does not know of them being used.
    const again = await reopen({ folder: join(folder, 'small'), cacheBytes: 250 });
    expect((await readdir(join(folder, 'small', 'cache'))).length).toBe(2);
    await again.close();
  });

  test('collection and scrub work as on disk', async () => {
    const database = await openStore({ database: ':memory:' });
    const [used, loose] = [
      await uploadBytes(database, store, Buffer.from('used')),
      await uploadBytes(database, store, Buffer.from('loose')),
    ];
    await referTo(database, 'model', [used]);
    const report = await collectGarbage(database, store as BlobStore, { now: Date.now() + 10 * 86_400_000 });
    expect(report).toMatchObject({ blobs: 1, bytes: 5 });
    expect([await store.has(used.sha256), await store.has(loose.sha256)]).toEqual([true, false]);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(used.sha256), Body: 'used?' }));
    expect(await scrub(database, store)).toEqual({ checked: 1, damaged: 1, next: undefined });
    await database.close();
  });

  test('a bucket that is not there is named as such', async () => {
    const address = `s3://no-such-bucket/x?endpoint=${encodeURIComponent(server.endpoint)}`;
    const nowhere = await openBlobs({ location: address, folder: join(folder, 'n') });
    expect(await put(nowhere, Buffer.from('x')).catch(code)).toMatch(/^storage\.(missing|unavailable)$/);
    await nowhere.close();
  });
});

test('an address names bucket, prefix, endpoint and region, and never credentials', () => {
  expect(bucketLocation('s3://b/p/q/?endpoint=http://127.0.0.1:9000&region=eu-1')).toEqual({
    bucket: 'b',
    prefix: 'p/q/',
    endpoint: 'http://127.0.0.1:9000',
    region: 'eu-1',
  });
  expect(bucketLocation('s3://b')).toEqual({ bucket: 'b', prefix: '' });
  for (const wrong of ['s3://', 's3://key:secret@b/p', 's3://b?x=1', 'nonsense'])
    expect(() => bucketLocation(wrong)).toThrow('an S3 address is');
});
