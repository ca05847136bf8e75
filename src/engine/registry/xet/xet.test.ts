import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeFile, makeShard, makeXorb } from '../../../../test/makers/xet.ts';
import type { Principal } from '../../../identity/permission.ts';
import { collectGarbage } from '../../../store/collect-garbage.ts';
import { usableBlobs } from '../blob-rights.ts';
import { createRepository, type Repository } from '../repositories.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { rebuildFiles } from './rebuild-files.ts';
import { takeXorb, XORB_MS } from './take-xorb.ts';

const FIRST = randomBytes(300_000);
const SECOND = randomBytes(200_000);

let registry: TestRegistry;
let ann: Principal;
let repository: Repository;
let now = Date.now();

beforeAll(async () => {
  registry = await testRegistry({}, { now: () => now });
  ann = await registry.person('ann', 'contributor', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'xet' });
});
afterAll(() => registry.close());

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function rebuild(files: readonly MadeFile[], into = repository, who = ann): Promise<number> {
  let done = 0;
  for await (const { files: count } of rebuildFiles(registry.context, who, into, once(makeShard(files)))) done = count;
  return done;
}

async function usable(sha256: string): Promise<number | undefined> {
  return (await usableBlobs(registry.context.store.db, ann, repository, [sha256], now)).get(sha256);
}

function sha256Of(...parts: readonly Uint8Array[]): string {
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

const first = makeXorb(FIRST, 'grouped');
const second = makeXorb(SECOND, 'lz4');
const both = [
  { xorb: first, start: 0, end: first.chunks.length },
  { xorb: second, start: 0, end: second.chunks.length },
];

describe('files by Xet', () => {
  test('a xorb is taken in once', async () => {
    expect(await takeXorb(registry.context, ann, repository, first.hash, once(first.bytes))).toBe(true);
    expect(await takeXorb(registry.context, ann, repository, first.hash, once(first.bytes))).toBe(false);
    expect(await takeXorb(registry.context, ann, repository, second.hash, once(second.bytes))).toBe(true);
  });

  test('a file of several xorbs is rebuilt, and may then be committed', async () => {
    const sha256 = sha256Of(FIRST, SECOND);
    expect(await usable(sha256)).toBeUndefined();
    expect(await rebuild([{ sha256, terms: both }])).toBe(1);
    expect(await usable(sha256)).toBe(FIRST.length + SECOND.length);
  });

  test('a file without chunks is empty', async () => {
    await rebuild([{ sha256: sha256Of(), terms: [] }]);
    expect(await usable(sha256Of())).toBe(0);
  });

  test('a file of one chunk out of the middle', async () => {
    const [one] = first.chunks;
    const start = one?.length ?? 0;
    const length = first.chunks[1]?.length ?? 0;
    const sha256 = sha256Of(FIRST.subarray(start, start + length));
    await rebuild([{ sha256, terms: [{ xorb: first, start: 1, end: 2 }] }]);
    expect(await usable(sha256)).toBe(length);
  });
});

describe('what is refused', () => {
  test('a xorb under another name', async () => {
    await expect(takeXorb(registry.context, ann, repository, 'a'.repeat(64), once(first.bytes))).rejects.toMatchObject({
      code: 'input.mismatch',
    });
  });

  test('another SHA-256 than that of the chunks: it stays unknown', async () => {
    const sha256 = 'b'.repeat(64);
    await expect(rebuild([{ sha256, terms: [...both].toReversed() }])).rejects.toMatchObject({ code: 'input.mismatch' });
    expect(await usable(sha256)).toBeUndefined();
  });

  test('terms that do not fit their xorb', async () => {
    const end = first.chunks.length;
    await expect(rebuild([{ sha256: undefined, terms: [{ xorb: first, start: 0, end, length: 1 }] }])).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await expect(rebuild([{ sha256: undefined, terms: [{ xorb: first, start: 0, end: end + 1 }] }])).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  test('a file larger than allowed, before a byte of it is written', async () => {
    const huge = Array.from({ length: 100 }, () => both[0] as (typeof both)[number]);
    const small = await testRegistry({ registry: { maxFileBytes: 1_000_000 } });
    const bob = await small.person('bob', 'contributor', 'acme');
    const into = await createRepository(small.context, bob, { kind: 'model', namespace: 'acme', name: 'small' });
    await takeXorb(small.context, bob, into, first.hash, once(first.bytes));
    const source = rebuildFiles(small.context, bob, into, once(makeShard([{ sha256: undefined, terms: huge }])));
    await expect(source.next()).rejects.toMatchObject({ code: 'request.invalid' });
    await small.close();
  });

  test('a xorb of another repository, although its name is known', async () => {
    const eve = await registry.person('eve', 'contributor', 'evil');
    const own = await createRepository(registry.context, eve, { kind: 'model', namespace: 'evil', name: 'thief' });
    await expect(rebuild([{ sha256: undefined, terms: both }], own, eve)).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(takeXorb(registry.context, eve, repository, first.hash, once(first.bytes))).rejects.toMatchObject({
      code: 'repository.missing',
    });
  });

  test('a xorb that was not used for long, whose bytes go then', async () => {
    now += XORB_MS + 1;
    await expect(rebuild([{ sha256: undefined, terms: both }])).rejects.toMatchObject({ code: 'request.invalid' });
    const { context } = registry;
    await collectGarbage(context.store, context.blobs, { now, graceMs: 0 });
    expect(await context.store.db.selectFrom('xet_xorb').select('hash').execute()).toEqual([]);
    expect(await context.store.db.selectFrom('blob').select('sha256').where('size', '>', 100_000).execute()).toEqual([]);
  });
});
