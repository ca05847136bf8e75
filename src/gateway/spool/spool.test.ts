import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytesOf, Spool } from './spool.ts';
import { Spools } from './spools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-spool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what is written is read, in every range and in memory as on the disk', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 3 }),
      async (sizes, a, b, needle) => {
        const spools = new Spools(join(folder, 'a'), 2_000_000);
        const spool = spools.open('ann');
        const chunks = sizes.map((size, index) => Buffer.alloc(size, `${index}abcdef`));
        for (const chunk of chunks) await spool.write(chunk);
        const all = Buffer.concat(chunks);
        const [from, to] = [a % (all.length + 1), b % (all.length + 1)].toSorted((x, y) => x - y) as [number, number];
        expect(spool.length).toBe(all.length);
        expect((await bytesOf(spool)).equals(all)).toBe(true);
        const range = spool.range(from, to);
        expect(range.length).toBe(to - from);
        expect((await bytesOf(range)).equals(all.subarray(from, to))).toBe(true);
        for (const wanted of [Buffer.from(needle), Buffer.from('5abcdef5'), all.subarray(from, Math.min(to, from + 70))])
          if (wanted.length > 0) expect(await spool.find(wanted, from)).toBe(all.indexOf(wanted, from));
        await spool.close();
        expect(spools.bytes).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test('nothing has a name on the disk, and there is no more room than is configured', async () => {
  const own = join(folder, 'b');
  const spools = new Spools(own, 1_200_000);
  const [first, second] = [spools.open('ann'), spools.open('ann')];
  await first.write(Buffer.alloc(600_000));
  expect(spools.bytes).toBe(600_000);
  expect(await readdir(own)).toEqual(process.platform === 'win32' ? expect.anything() : []);
  await expect(second.write(Buffer.alloc(600_000))).rejects.toMatchObject({ code: 'gateway.unavailable' });
  await first.close();
  await first.close();
  await second.close();
  expect(spools.bytes).toBe(0);
  await expect(first.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'gateway.unavailable' });
  await expect(bytesOf(first.range(0, 1))).rejects.toMatchObject({ code: 'gateway.unavailable' });
});

test('one that is given up while its file is made leaves nothing behind, on the disk or in the count', async () => {
  let open = 0;
  let taken = 0;
  const file = async () => {
    await new Promise((settle) => setTimeout(settle, 10));
    open++;
    return { handle: undefined as never, close: async () => void open-- };
  };
  const spool = new Spool({ file, take: (bytes) => void (taken += bytes), give: (bytes) => void (taken -= bytes) });
  const writing = spool.write(Buffer.alloc(300_000));
  await spool.close();
  await expect(writing).rejects.toMatchObject({ code: 'gateway.unavailable' });
  expect([open, taken]).toEqual([0, 0]);
});

test('who takes half of the room leaves the other half to others; what is in memory counts', async () => {
  const spools = new Spools(join(folder, 'e'), 400_000);
  const mine = [spools.open('ann'), spools.open('ann')];
  await mine[0]!.write(Buffer.alloc(200_000));
  await expect(mine[1]!.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'gateway.unavailable' });
  const other = spools.open('bob');
  await other.write(Buffer.alloc(200_000));
  await Promise.all([...mine, other].map((one) => one.close()));
  expect(spools.bytes).toBe(0);
});

test('what others left behind is removed when it is old', async () => {
  const own = join(folder, 'c');
  const spools = new Spools(own, 1);
  await spools.clean();
  const spool = new Spools(own, 1_000_000).open('ann');
  await spool.write(Buffer.alloc(300_000));
  await writeFile(join(own, 'old'), 'x');
  await writeFile(join(own, 'new'), 'x');
  await utimes(join(own, 'old'), 1, 1);
  await spools.clean();
  expect(await readdir(own)).toEqual(['new']);
  await spool.close();
});
