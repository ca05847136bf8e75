import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { openDiskBlobs, type DiskBlobOptions, type DiskBlobStore } from './disk.ts';
import type { StoredBlob } from './blob-store.ts';

let folder = '';
let opened: DiskBlobStore[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-blobs-'));
});
afterEach(async () => {
  for (const store of opened) await store.close();
  opened = [];
  await rm(folder, { recursive: true, force: true });
});

async function openStoreHere(options: Partial<DiskBlobOptions> = {}): Promise<DiskBlobStore> {
  const store = await openDiskBlobs({ folder, ...options });
  opened.push(store);
  return store;
}

async function* pieces(bytes: Uint8Array, size = 64 * 1024): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function put(store: DiskBlobStore, bytes: Uint8Array): Promise<StoredBlob> {
  const staging = await store.stage();
  await staging.append(pieces(bytes));
  return staging.finish({ size: bytes.length });
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fileOf = (digest: string): string => join(folder, 'sha256', digest.slice(0, 2), digest);
const code = (error: unknown): string => (error instanceof CordonError ? error.code : String(error));
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'no failure', code);

test.each([0, 1, 65_536, 262_144, 262_145, 3_000_001])('%i bytes come back as they went in, whole and in ranges', async (size) => {
  const store = await openStoreHere();
  const bytes = randomBytes(size);
  const blob = await put(store, bytes);
  expect(blob).toEqual({ sha256: sha256(bytes), size, gitSha1: createHash('sha1').update(`blob ${size}\0`).update(bytes).digest('hex') });
  expect((await buffer(await store.read(blob.sha256))).equals(bytes)).toBe(true);
  expect((await buffer(await store.read(blob.sha256))).equals(bytes)).toBe(true);
  const [start, end] = [size >> 2, size - (size >> 3)];
  expect((await buffer(await store.read(blob.sha256, { start, end }))).equals(bytes.subarray(start, end))).toBe(true);
  expect(await store.size(blob.sha256)).toBe(size);
  expect((await stat(await store.localPath(blob.sha256))).mode & 0o777).toBe(0o440);
  expect(await readdir(join(folder, 'staging'))).toEqual([]);
});

test('the same content twice is one file, and the first stays', async () => {
  const store = await openStoreHere();
  const { sha256: digest } = await put(store, Buffer.from('same'));
  const { ino } = await stat(fileOf(digest));
  await put(store, Buffer.from('same'));
  expect((await stat(fileOf(digest))).ino).toBe(ino);
});

test('an upload goes on after the process died, with what is on disk', async () => {
  const bytes = randomBytes(2_500_000);
  const first = await (await openStoreHere()).stage({ id: 'upload-1' });
  expect(await first.append(pieces(bytes.subarray(0, 1_234_567)))).toBe(1_234_567);
  const again = await (await openStoreHere()).stage({ id: 'upload-1' });
  expect(again.offset).toBe(1_234_567);
  await again.append(pieces(bytes.subarray(1_234_567)));
  expect((await again.finish({ sha256: sha256(bytes) })).size).toBe(bytes.length);
});

test('what came before the sender broke off is kept', async () => {
  const store = await openStoreHere();
  const staging = await store.stage({ id: 'a' });
  async function* breaking(): AsyncIterable<Uint8Array> {
    yield Buffer.from('first ');
    throw new Error('connection lost');
  }
  await expect(staging.append(breaking())).rejects.toThrow('connection lost');
  expect(staging.offset).toBe(6);
  await (await store.stage({ id: 'a' })).append(pieces(Buffer.from('second')));
  expect((await staging.finish({})).sha256).toBe(sha256(Buffer.from('first second')));
});

test('bytes that are not what was announced never become a blob', async () => {
  const store = await openStoreHere();
  const staging = await store.stage();
  await staging.append(pieces(Buffer.from('hello')));
  expect(await failure(staging.finish({ size: 6 }))).toBe('input.mismatch');
  expect(await failure(staging.finish({ size: 5, sha256: sha256(Buffer.from('other')) }))).toBe('input.mismatch');
  expect(await store.has(sha256(Buffer.from('hello')))).toBe(false);
  expect(await readdir(join(folder, 'staging'))).toEqual([]);
});

test('two requests cannot write one upload at the same time', async () => {
  const staging = await (await openStoreHere()).stage();
  const first = staging.append(pieces(randomBytes(1_000_000)));
  expect(await failure(staging.append(pieces(Buffer.from('x'))))).toBe('storage.busy');
  expect(await first).toBe(1_000_000);
});

test('a file may not grow beyond the limit', async () => {
  const staging = await (await openStoreHere({ maxBlobBytes: 10 })).stage();
  expect(await failure(staging.append(pieces(randomBytes(11))))).toBe('input.too-large');
  expect(await staging.append(pieces(randomBytes(10)))).toBe(10);
});

test.each(['../x', '', '.', 'a/b', 'a\0b', 'x'.repeat(101)])('%j is no upload id', async (id) => {
  expect(await failure((await openStoreHere()).stage({ id }))).toBe('usage.invalid');
});

test.each(['', '..', 'A'.repeat(64), `${'a'.repeat(63)}/`])('%j is no digest', async (digest) => {
  expect(await failure((await openStoreHere()).read(digest))).toBe('input.mismatch');
});

test('after a crash between link and unlink, the upload can be finished again but never written', async () => {
  const store = await openStoreHere();
  const { sha256: digest } = await put(store, Buffer.from('done'));
  const { link } = await import('node:fs/promises');
  await link(fileOf(digest), join(folder, 'staging', 'late'));
  const staging = await store.stage({ id: 'late' });
  expect(await failure(staging.append(pieces(Buffer.from('!'))))).toBe('storage.busy');
  expect((await staging.finish({})).sha256).toBe(digest);
  expect(await store.verify(digest)).toBe('intact');
});

async function flip(digest: string, at: number): Promise<void> {
  const { chmod } = await import('node:fs/promises');
  await chmod(fileOf(digest), 0o640);
  const handle = await open(fileOf(digest), 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  await handle.write(Buffer.from([(byte[0] as number) ^ 1]), 0, 1, at);
  await handle.close();
}

test.each([0, 300_000, 999_999])('a flipped byte at %i: the reader gets an error and never the whole', async (at) => {
  const corrupt: string[] = [];
  const store = await openStoreHere({ onCorrupt: (digest) => corrupt.push(digest) });
  const bytes = randomBytes(1_000_000);
  const { sha256: digest } = await put(store, bytes);
  await buffer(await store.read(digest));
  await flip(digest, at);
  let received = 0;
  const reading = (async () => {
    for await (const chunk of await store.read(digest)) received += (chunk as Buffer).length;
  })();
  expect(await failure(reading)).toBe('storage.corrupt');
  expect(received).toBeLessThan(bytes.length);
  await store.checksDone();
  expect(corrupt).toEqual([digest]);
  expect(await failure(store.read(digest))).toBe('storage.missing');
  expect((await readdir(join(folder, 'corrupt')))[0]).toMatch(digest);
  await put(store, bytes);
  expect(await store.verify(digest)).toBe('intact');
});

test('range reads have the blob behind them checked', async () => {
  const corrupt: string[] = [];
  const store = await openStoreHere({ onCorrupt: (digest) => corrupt.push(digest) });
  const { sha256: digest } = await put(store, randomBytes(500_000));
  await flip(digest, 400_000);
  await buffer(await store.read(digest, { start: 0, end: 10 }));
  await store.checksDone();
  expect(corrupt).toEqual([digest]);
});

test('a stored file of the wrong length is replaced when the right bytes come', async () => {
  const store = await openStoreHere();
  const bytes = Buffer.from('the right bytes');
  await writeFile(fileOf(sha256(bytes)), 'the right');
  await put(store, bytes);
  expect(await store.verify(sha256(bytes))).toBe('intact');
});

test('lists, removes, and forgets uploads that nobody touched', async () => {
  const store = await openStoreHere();
  const blobs = await Promise.all(['a', 'b', 'c'].map((text) => put(store, Buffer.from(text))));
  const listed: string[] = [];
  for await (const { sha256: digest } of store.list()) listed.push(digest);
  expect(listed).toEqual(blobs.map((blob) => blob.sha256).sort());
  await store.remove(blobs[0]?.sha256 ?? '');
  await store.remove(blobs[0]?.sha256 ?? '');
  expect(await store.has(blobs[0]?.sha256 ?? '')).toBe(false);
  for (const id of ['kept', 'stale']) await (await store.stage({ id })).append(pieces(Buffer.from(id)));
  expect(await store.discardStale(0, async () => new Set())).toBe(0);
  expect(await store.discardStale(Date.now() + 1000, async () => new Set(['kept']))).toBe(1);
  expect(await readdir(join(folder, 'staging'))).toEqual(['kept']);
});

test('a folder that cannot be made is named as such, without its path', async () => {
  await writeFile(join(folder, 'file'), '');
  const failed: unknown = await openDiskBlobs({ folder: join(folder, 'file', 'x') }).catch((error: unknown) => error);
  expect(code(failed)).toBe('storage.unavailable');
  expect(String(failed)).not.toContain(folder);
});
