/**
 * The blob store of a folder, in one process: `npx tsx benchmarks/store.ts [--folder DIR] [--megabytes 1024]`. CPU seconds are
 * those of the whole process, all its threads, so MB per CPU second is the throughput of one core.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BlobStore, ByteRange, StoredBlob } from '../src/store/blobs/blob-store.ts';
import { openDiskBlobs } from '../src/store/blobs/disk.ts';
import { row } from './measure.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string', default: tmpdir() }, megabytes: { type: 'string', default: '1024' } },
});
const MB = 1_000_000;
const megabytes = Number(values.megabytes);
const CHUNK = 64 * 1024;
const noise = randomFillSync(Buffer.allocUnsafe(8 * MB));

/** Bytes as they come from a socket, different for every seed. */
async function* body(bytes: number, seed: number): AsyncIterable<Uint8Array> {
  const head = Buffer.from(`blob ${seed} `.padEnd(32));
  yield head.subarray(0, Math.min(32, bytes));
  for (let at = 32; at < bytes; at += CHUNK) {
    const from = at % (noise.length - CHUNK);
    yield noise.subarray(from, from + Math.min(CHUNK, bytes - at));
    if (at % (16 * CHUNK) < CHUNK) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function put(blobs: BlobStore, bytes: number, seed: number): Promise<StoredBlob> {
  const staging = await blobs.stage();
  await staging.append(body(bytes, seed));
  return staging.finish({ size: bytes });
}

async function take(blobs: BlobStore, sha256: string, range?: ByteRange): Promise<void> {
  for await (const _ of await blobs.read(sha256, range));
}

async function measured(name: string, bytes: number, work: () => Promise<unknown>, count?: number): Promise<void> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wallS = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  clearInterval(watch);
  const cpuS = (used.user + used.system) / 1e6;
  peak = Math.max(peak, process.memoryUsage.rss());
  const each = count === undefined ? '-' : `${((wallS / count) * 1000).toFixed(2)} ms`;
  console.log(row(name, Math.round(bytes / MB / wallS), Math.round(bytes / MB / cpuS), each, Math.round(peak / 2 ** 20)));
}

const folder = await mkdtemp(join(values.folder, 'cordon-bench-store-'));
try {
  const blobs = await openDiskBlobs({ folder, trustCheckMs: 0 });
  const trusting = await openDiskBlobs({ folder, trustCheckMs: 60_000 });
  console.log('| what | MB/s wall | MB per CPU s | each | peak RSS MiB |\n| --- | --- | --- | --- | --- |');
  const size = megabytes * MB;
  await measured('source alone', size, async () => {
    for await (const _ of body(size, 0));
  });
  await measured('sha256 alone', size, async () => {
    const hash = createHash('sha256');
    for await (const chunk of body(size, 0)) hash.update(chunk);
    hash.digest();
  });
  const one = { blob: undefined as StoredBlob | undefined };
  await measured('ingest, one upload', size, async () => (one.blob = await put(blobs, size, 1)));
  const { sha256 } = one.blob as StoredBlob;
  await measured('read, verified', size, () => take(blobs, sha256));
  await take(trusting, sha256);
  await measured('read, verified a moment ago', size, () => take(trusting, sha256));
  await measured('read, one range', size, () => take(blobs, sha256, { start: 1, end: size }));
  await measured('64 uploads at once', size * 4, () =>
    Promise.all(Array.from({ length: 64 }, (_, n) => put(blobs, Math.floor(size / 16), n + 2))),
  );
  await measured('64 range reads at once', size * 4, () =>
    Promise.all(Array.from({ length: 64 }, () => take(blobs, sha256, { start: 0, end: size / 16 }))),
  );
  await measured(
    '1000 blobs of 4 kB, one by one',
    4 * MB,
    async () => {
      for (let n = 0; n < 1000; n++) await put(blobs, 4000, n + 100);
    },
    1000,
  );
  await measured(
    '1000 blobs of 4 kB, 16 at once',
    4 * MB,
    async () => {
      await Promise.all(
        Array.from({ length: 16 }, async (_, lane) => {
          for (let n = lane; n < 1000; n += 16) await put(blobs, 4000, n + 2000);
        }),
      );
    },
    1000,
  );
  await blobs.close();
  await trusting.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
