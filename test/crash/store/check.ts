import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskBlobStore } from '../../../src/store/blobs/disk.ts';
import type { Store } from '../../../src/store/open-store.ts';

/** What children said before they died. */
export interface Said {
  readonly committed: ReadonlySet<string>;
  readonly dropping: ReadonlySet<string>;
}

/** Everything that is not as it must be, in words. No process may be writing. */
export async function check(store: Store, blobs: DiskBlobStore, folder: string, said: Said): Promise<string[]> {
  const wrong: string[] = [];
  const revisions = new Set((await store.db.selectFrom('revision').select('id').execute()).map(({ id }) => id));
  for (const name of said.committed)
    if (!revisions.has(name) && !said.dropping.has(name)) wrong.push(`the acknowledged revision ${name} is lost`);
  const entries = await store.db
    .selectFrom('manifest_entry')
    .leftJoin('blob', 'blob.sha256', 'manifest_entry.sha256')
    .select(['manifest', 'path', 'manifest_entry.sha256', 'manifest_entry.size', 'blob.size as stored'])
    .execute();
  const files = new Map<string, number>();
  for await (const { sha256, size } of blobs.list()) {
    const bytes = await readFile(join(folder, 'blobs', 'sha256', sha256.slice(0, 2), sha256));
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) wrong.push(`the file ${sha256} has other bytes`);
    files.set(sha256, size);
  }
  for (const { manifest, path, sha256, size, stored } of entries) {
    if (stored !== size) wrong.push(`${manifest}/${path} has no row of its blob`);
    if (files.get(sha256) !== size) wrong.push(`${manifest}/${path} has no file of its blob`);
  }
  const jobs = await store.db
    .selectFrom('job')
    .leftJoin('decision', 'decision.id', 'job.key')
    .select(['job.key', 'job.state', 'decision.id as noted'])
    .execute();
  const keys = new Set(jobs.map(({ key }) => key));
  for (const name of said.committed) if (!keys.has(name)) wrong.push(`the job of ${name} is lost`);
  for (const { key, state, noted } of jobs)
    if ((state === 'done') !== (noted !== null) || state === 'dead')
      wrong.push(`the job ${key} is ${state}, its result is ${noted ?? 'missing'}`);
  return wrong;
}
