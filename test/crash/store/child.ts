/** A process that works on a store until it is killed. What it says on stdout it has been told is durable. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from '../../../src/core/errors.ts';
import type { BlobStore, StoredBlob } from '../../../src/store/blobs/blob-store.ts';
import { openDiskBlobs } from '../../../src/store/blobs/disk.ts';
import { adoptBlob, finishUpload, type KeptBlob } from '../../../src/store/blobs/keep-blob.ts';
import { releaseLeases } from '../../../src/store/blobs/lease.ts';
import { collectGarbage } from '../../../src/store/collect-garbage.ts';
import { newId } from '../../../src/store/ids.ts';
import { completeJob, enqueue } from '../../../src/store/jobs/queue.ts';
import { startRunner } from '../../../src/store/jobs/runner.ts';
import { openStore, type Store, type Tx } from '../../../src/store/open-store.ts';
import { sha256 } from '../../store/blob-bytes.ts';
import { content, dice } from './contents.ts';

const [role, folder = '', database = ''] = process.argv.slice(2);
const store = await openStore({ database });
const blobs = await openDiskBlobs({ folder: join(folder, 'blobs'), trustCheckMs: 0 });

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function* slowly(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) {
    yield bytes.subarray(at, at + 100_000);
    if (dice(3) === 0) await sleep(dice(3));
  }
}

async function bring(number: number): Promise<KeptBlob> {
  const bytes = content(number);
  const adopted = dice(2) === 0 ? await adoptBlob(store, blobs, sha256(bytes)) : undefined;
  if (adopted !== undefined) return adopted;
  const id = `${number}-${newId()}`;
  const now = Date.now();
  // Why an hour: on a busy machine a minute passes between two processes, and the collector rightly removes what has ended.
  const ends = { created_at: now, expires_at: now + 3_600_000 };
  const upload = { id, sha256: null, size: bytes.length, repository_id: null, principal: 'p', ...ends };
  await store.db.insertInto('upload').values(upload).execute();
  const half = Math.floor(bytes.length / 2);
  await (await blobs.stage({ id })).append(slowly(bytes.subarray(0, half)));
  const staging = await blobs.stage({ id });
  await staging.append(slowly(bytes.subarray(half)));
  const kept = await finishUpload(store, staging, { sha256: sha256(bytes), size: bytes.length });
  await store.db.deleteFrom('upload').where('id', '=', id).execute();
  return kept;
}

/** Goes on with what the process before was sending when it was killed. */
async function resume(): Promise<void> {
  for (const { id } of await store.db.selectFrom('upload').select('id').execute()) {
    const bytes = content(Number.parseInt(id, 10));
    const staging = await blobs.stage({ id });
    await staging.append(slowly(bytes.subarray(staging.offset))).catch((error: unknown) => {
      // Killed at the very end: the bytes are complete and only to be finished.
      if (!(error instanceof CordonError && error.code === 'storage.busy')) throw error;
    });
    const { lease } = await finishUpload(store, staging, { sha256: sha256(bytes), size: bytes.length });
    await store.transaction((tx) => releaseLeases(tx, [lease]));
    await store.db.deleteFrom('upload').where('id', '=', id).execute();
  }
}

async function commit(tx: Tx, name: string, files: readonly StoredBlob[]): Promise<void> {
  const now = Date.now();
  const repository = { kind: 'model', namespace: 'n', private: 0, created_by: 'p', created_at: now, updated_at: now } as const;
  await tx
    .insertInto('repository')
    .values({ ...repository, id: name, name })
    .execute();
  await tx.insertInto('manifest').values({ digest: name, oms_digest: name, files: files.length, bytes: 0, created_at: now }).execute();
  const entries = files.map(({ sha256: digest, size }, index) => ({ manifest: name, path: `${index}`, sha256: digest, size }));
  await tx.insertInto('manifest_entry').values(entries).execute();
  const revision = { id: name, repository_id: name, manifest: name, parent: null, title: '', message: '', author: 'p', created_at: now };
  await tx.insertInto('revision').values(revision).execute();
}

async function ingest(): Promise<void> {
  const mine: string[] = [];
  for (;;) {
    const kept = await Promise.all(Array.from({ length: 1 + dice(4) }, () => bring(dice(1000))));
    const name = newId();
    await store.transaction(async (tx) => {
      await commit(tx, name, kept);
      await enqueue(tx, { kind: 'note', key: name, payload: name });
      await releaseLeases(
        tx,
        kept.map(({ lease }) => lease),
      );
    });
    say(`committed ${name}`);
    mine.push(name);
    if (mine.length < 5) continue;
    const old = mine.shift() as string;
    say(`dropping ${old}`);
    await store.db.deleteFrom('repository').where('id', '=', old).execute();
  }
}

async function readAll(from: BlobStore): Promise<never> {
  for (;;) {
    const digest = sha256(content(dice(1000)));
    const bytes = await from
      .read(digest)
      .then(buffer)
      .catch((error: unknown) => {
        if (error instanceof CordonError && error.code === 'storage.missing') return undefined;
        throw error;
      });
    if (bytes !== undefined && sha256(bytes) !== digest) say(`wrong bytes served for ${digest}`);
    await sleep(dice(20));
  }
}

async function collect(): Promise<never> {
  // A slow disk: time for an upload of the same content to come in between.
  const slow = Object.create(blobs, {
    remove: { value: (digest: string) => sleep(dice(30)).then(() => blobs.remove(digest)) },
  }) as BlobStore;
  for (const name of ['list', 'discardStale'] as const) Object.defineProperty(slow, name, { value: blobs[name].bind(blobs) });
  // The collector before this one was killed, so what it left is dead.
  for (let deadMs: number | undefined = 0; ; deadMs = undefined) {
    await collectGarbage(store, slow, { graceMs: 0, ...(deadMs === undefined ? {} : { deadMs }) });
    await sleep(dice(10));
  }
}

function workOff(on: Store): void {
  const note = { gate: 'g', effect: 'e', repository_id: null, subject: 's', policy: 'p', body: '{}', created_at: 0 };
  startRunner(
    on,
    {
      note: {
        attempts: 1_000_000,
        run: async (job) =>
          on.transaction(async (tx) => {
            // Its key refuses a second note for the same job.
            await tx
              .insertInto('decision')
              .values({ ...note, id: job.payload as string })
              .execute();
            if (!(await completeJob(tx, job))) throw new Error('lost');
          }),
      },
    },
    { leaseMs: 300, pollMs: 20, backoffMs: 10 },
  );
}

say('started');
workOff(store);
await (role === 'collector' ? collect() : Promise.all([resume().then(ingest), ingest(), readAll(blobs)]));
