import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { CordonError } from '../../src/core/errors.ts';
import { openDiskBlobs } from '../../src/store/blobs/disk.ts';
import { openStore } from '../../src/store/open-store.ts';
import { pieces, put, sha256 } from './blob-bytes.ts';

const disk = mkdtempSync(join(tmpdir(), 'cordon-small-disk-'));
const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('full disk tests skipped: a small disk cannot be mounted here, that needs root');
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});
const code = (error: unknown): string => (error instanceof CordonError ? error.code : String(error));

describe.skipIf(!mounted)('a full disk', () => {
  test('an upload that does not fit says so, loses nothing, and goes on when there is room', async () => {
    const blobs = await openDiskBlobs({ folder: join(disk, 'blobs') });
    const small = await put(blobs, randomBytes(1_000_000));
    writeFileSync(join(disk, 'ballast'), randomBytes(4_000_000));
    const bytes = randomBytes(5_000_000);
    const staging = await blobs.stage({ id: 'large' });
    expect(await staging.append(pieces(bytes)).catch(code)).toBe('storage.full');
    expect((await buffer(await blobs.read(small.sha256))).length).toBe(1_000_000);
    await rm(join(disk, 'ballast'));
    const again = await blobs.stage({ id: 'large' });
    await again.read().then(buffer);
    expect(again.offset).toBeGreaterThan(1_000_000);
    await again.append(pieces(bytes.subarray(again.offset)));
    expect((await again.finish({ sha256: sha256(bytes) })).size).toBe(5_000_000);
    expect(await readdir(join(disk, 'blobs', 'staging'))).toEqual([]);
    await blobs.close();
    await rm(join(disk, 'blobs'), { recursive: true });
  });

  test('a database that does not fit says so and keeps what was committed', async () => {
    const database = join(disk, 'cordon.db');
    const store = await openStore({ database });
    const insert = (n: number) =>
      store.db
        .insertInto('blob')
        .values({ sha256: `${n}`, size: n, git_sha1: 'x'.repeat(50_000), created_at: 0 })
        .execute();
    let committed = 0;
    const filling = async () => {
      for (; ; committed++) await insert(committed);
    };
    expect(await filling().catch(code)).toBe('storage.full');
    expect(committed).toBeGreaterThan(10);
    const rows = await store.db.selectFrom('blob').select('sha256').execute();
    expect(rows.length).toBe(committed);
    await store.close();
  });
});
