import { chmod, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { uploadBytes } from '../../test/store/blob-bytes.ts';
import { openDiskBlobs } from './blobs/disk.ts';
import { openStore } from './open-store.ts';
import { scrub } from './scrub.ts';

const FLIPS = 60;

test(`each of ${FLIPS} single bits changed anywhere is found in the one blob it is in`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-scrub-'));
  const store = await openStore({ database: ':memory:' });
  const blobs = await openDiskBlobs({ folder });
  const digests: { sha256: string; size: number }[] = [];
  for (let n = 0; n < 12; n++) digests.push(await uploadBytes(store, blobs, randomBytes(1 + n * n * 700)));
  for (let flip = 0; flip < FLIPS; flip++) {
    const { sha256, size } = digests[flip % digests.length] as { sha256: string; size: number };
    const path = join(folder, 'sha256', sha256.slice(0, 2), sha256);
    const at = Math.floor(Math.random() * size);
    await change(path, at, 1 << (flip % 8));
    const damaged: string[] = [];
    await scrub(store, blobs, { onDamage: (damage) => damaged.push(`${damage.problem} ${damage.sha256}`) });
    expect(damaged).toEqual([`corrupt ${sha256}`]);
    const [aside = ''] = await readdir(join(folder, 'corrupt'));
    await rename(join(folder, 'corrupt', aside), path);
    await change(path, at, 1 << (flip % 8));
  }
  expect(await scrub(store, blobs)).toEqual({ checked: 12, damaged: 0, next: undefined });
  await blobs.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function change(path: string, at: number, bits: number): Promise<void> {
  await chmod(path, 0o640);
  const handle = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  await handle.write(Buffer.from([(byte[0] as number) ^ bits]), 0, 1, at);
  await handle.close();
}
