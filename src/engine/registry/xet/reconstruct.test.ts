import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeFile, type MadeXorb, makeShard, makeXorb } from '../../../../test/makers/xet.ts';
import { CHUNK_HEADER_BYTES, chunkContent, chunkHeader } from '../../../formats/xet/chunk.ts';
import type { Principal } from '../../../identity/permission.ts';
import { recall } from '../recall.ts';
import { createRepository, type Repository } from '../repositories.ts';
import type { Revision } from '../revisions.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { copyIndex, xetHashes } from './keep-index.ts';
import { openRun } from './open-run.ts';
import { openXetFile } from './open-xet-file.ts';
import { rebuildFiles } from './rebuild-files.ts';
import { reconstruct } from './reconstruct.ts';
import { takeXorb } from './take-xorb.ts';

const CONTENTS = [700_000, 500_000, 1_000].map((size) => Buffer.concat([Buffer.alloc(16), randomBytes(size)]));
const XORBS = CONTENTS.map((content) => makeXorb(content, 'lz4'));

let registry: TestRegistry;
let ann: Principal;
let repository: Repository;

beforeAll(async () => {
  registry = await testRegistry();
  ann = await registry.person('ann', 'approver', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'xet' });
  for (const { hash, bytes } of XORBS) await takeXorb(registry.context, ann, repository, hash, once(bytes));
});
afterAll(() => registry.close());

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

type Terms = readonly (readonly [xorb: number, start: number, count: number])[];

/** Uploads a file of these runs of chunks by Xet, and commits it. */
async function push(
  terms: Terms,
  path = 'a.bin',
): Promise<{ readonly content: Buffer; readonly sha256: string; readonly revision: Revision }> {
  const made: MadeFile['terms'] = terms.map(([index, start, count]) => {
    const xorb = XORBS[index] as MadeXorb;
    return { xorb, start, end: start + count };
  });
  const content = Buffer.concat(terms.map(([index, start, count]) => contentOf(index, start, count)));
  const sha256 = createHash('sha256').update(content).digest('hex');
  for await (const _ of rebuildFiles(registry.context, ann, repository, once(makeShard([{ sha256, terms: made }]))));
  return { content, sha256, revision: await registry.push(ann, repository, { [path]: content }) };
}

function contentOf(index: number, start: number, count: number): Buffer {
  const { chunks } = XORBS[index] as MadeXorb;
  const lengths = chunks.map(({ length }) => length);
  const from = sum(lengths.slice(0, start));
  return (CONTENTS[index] as Buffer).subarray(from, from + sum(lengths.slice(start, start + count)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What a client makes of the answer: it fetches every run, and cuts the terms out of them. */
async function rebuilt(revision: Revision, sha256: string, start: number, end: number): Promise<Buffer> {
  const { context } = registry;
  const hash = (await xetHashes(context, repository, [sha256])).get(sha256) ?? '';
  const file = await openXetFile(context, ann, repository, revision, hash);
  const { offset, terms, runs } = await reconstruct(context, repository, sha256, { start, end });
  const fetched = new Map<string, Buffer>();
  for (const run of runs) {
    const { size, open } = await openRun(context, repository, file, run);
    expect(size).toBe(run.bytes);
    const bytes = await buffer(await open());
    for (let at = 0, chunk = run.start; at < bytes.length; chunk++) {
      const header = chunkHeader(bytes, at);
      const body = bytes.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + header.stored);
      expect(fetched.has(`${run.xorb} ${chunk}`)).toBe(false);
      fetched.set(`${run.xorb} ${chunk}`, Buffer.from(chunkContent(header, body)));
      at += CHUNK_HEADER_BYTES + header.stored;
    }
  }
  const pieces = terms.map(({ xorb, start: first, end: last, length }) => {
    const piece = Buffer.concat(
      Array.from({ length: last - first }, (_, index) => fetched.get(`${xorb} ${first + index}`) ?? Buffer.alloc(0)),
    );
    expect(piece.length).toBe(length);
    return piece;
  });
  return Buffer.concat(pieces).subarray(offset, offset + end - start);
}

const someTerms = fc.array(
  fc.nat(1).chain((xorb) => {
    const { length } = (XORBS[xorb] as MadeXorb).chunks;
    return fc
      .tuple(fc.constant(xorb), fc.nat(length - 1))
      .chain(([index, start]) => fc.tuple(fc.constant(index), fc.constant(start), fc.integer({ min: 1, max: length - start })));
  }),
  { minLength: 1, maxLength: 6 },
);

describe('downloads by Xet', () => {
  test('whatever chunks a file is made of, every part of it is put together from them', async () => {
    await fc.assert(
      fc.asyncProperty(someTerms, fc.nat(1_000_000), fc.nat(1_000_000), async (terms, one, other) => {
        const { content, sha256, revision } = await push(terms);
        const [start = 0, last = 0] = [one % content.length, other % content.length].toSorted((a, b) => a - b);
        expect((await rebuilt(revision, sha256, start, last + 1)).equals(content.subarray(start, last + 1))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('a run can be read from anywhere to anywhere', async () => {
    const { sha256, revision, content } = await push([
      [0, 1, 4],
      [1, 0, 3],
      [0, 3, 5],
    ]);
    const { context } = registry;
    const hash = (await xetHashes(context, repository, [sha256])).get(sha256) ?? '';
    const file = await openXetFile(context, ann, repository, revision, hash);
    const { runs } = await reconstruct(context, repository, sha256, { start: 0, end: content.length });
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    // Terms that overlap are fetched once.
    expect(run).toMatchObject({ start: 1, end: 8 });
    const { open } = await openRun(context, repository, file, run);
    const whole = await buffer(await open());
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(whole.length - 1), async (one, other) => {
        const [start = 0, last = 0] = [one, other].toSorted((a, b) => a - b);
        expect((await buffer(await open({ start, end: last + 1 }))).equals(whole.subarray(start, last + 1))).toBe(true);
      }),
      { numRuns: 50 },
    );
    await expect(openRun(context, repository, file, { ...run, start: 0 })).rejects.toMatchObject({ code: 'file.missing' });
    await expect(openRun(context, repository, file, { ...run, end: 9 })).rejects.toMatchObject({ code: 'file.missing' });
    await expect(openRun(context, repository, file, { ...run, xorb: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'file.missing' });
  });

  test('a file that came by another way has chunks once it comes by Xet', async () => {
    const content = contentOf(1, 2, 2);
    const sha256 = createHash('sha256').update(content).digest('hex');
    await registry.push(ann, repository, { 'late.bin': content });
    expect((await xetHashes(registry.context, repository, [sha256])).size).toBe(0);
    await push([[1, 2, 2]], 'late.bin');
    expect((await xetHashes(registry.context, repository, [sha256])).size).toBe(1);
  });

  test('a file in very many pieces is not kept by them', async () => {
    const { sha256 } = await push(Array.from({ length: 60 }, () => [2, 0, 1] as const));
    expect((await xetHashes(registry.context, repository, [sha256])).size).toBe(0);
  });

  test('chunks go with a copy', async () => {
    const { sha256 } = await push([[0, 2, 3]]);
    const { context } = registry;
    const copy = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'copy' });
    await copyIndex(context, repository, copy, [sha256, 'b'.repeat(64)]);
    await copyIndex(context, repository, copy, [sha256]);
    expect((await xetHashes(context, copy, [sha256])).size).toBe(1);
    const whole = { start: 0, end: 1_000_000 };
    expect(await reconstruct(context, copy, sha256, whole)).toEqual(await reconstruct(context, repository, sha256, whole));
  });
});

describe('what is refused', () => {
  test('a file of another revision, which nobody decided about here', async () => {
    const one = await push([[0, 0, 2]], 'one.bin');
    const hash = (await xetHashes(registry.context, repository, [one.sha256])).get(one.sha256) ?? '';
    const changes = [{ change: 'delete', path: 'one.bin' } as const];
    const without = await registry.push(ann, repository, { 'x.txt': 'x' }, { changes });
    await expect(openXetFile(registry.context, ann, repository, without, hash)).rejects.toMatchObject({ code: 'file.missing' });
    expect((await openXetFile(registry.context, ann, repository, one.revision, hash)).path).toBe('one.bin');
  });

  test('a file of a repository that somebody may not read', async () => {
    const { sha256, revision } = await push([[0, 4, 2]]);
    const hash = (await xetHashes(registry.context, repository, [sha256])).get(sha256) ?? '';
    const eve = await registry.person('eve', 'approver', 'evil');
    await expect(openXetFile(registry.context, eve, repository, revision, hash)).rejects.toMatchObject({ code: 'repository.missing' });
  });

  test('what a gate refuses, and what was recalled', async () => {
    const { sha256, revision } = await push([[1, 1, 2]]);
    const hash = (await xetHashes(registry.context, repository, [sha256])).get(sha256) ?? '';
    const bad = await registry.push(ann, repository, { 'evil.pkl': "cos\nsystem\n(S'id'\ntR." });
    await expect(openXetFile(registry.context, ann, repository, bad, hash)).rejects.toMatchObject({ code: 'registry.blocked' });
    await openXetFile(registry.context, ann, repository, revision, hash);
    await recall(registry.context, ann, repository, revision.manifest, 'poisoned');
    await expect(openXetFile(registry.context, ann, repository, revision, hash)).rejects.toMatchObject({
      code: 'registry.blocked',
      message: expect.stringContaining('poisoned'),
    });
  });
});
