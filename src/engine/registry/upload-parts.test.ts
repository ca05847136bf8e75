import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { usableBlobs } from './blob-rights.ts';
import { createRepository, type Repository } from './repositories.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { joinParts, takePart } from './upload-parts.ts';

const CONTENT = randomBytes(2_500);
const upload = { sha256: createHash('sha256').update(CONTENT).digest('hex'), size: CONTENT.length, partBytes: 1_000 };

let registry: TestRegistry;
let ann: Principal;
let repository: Repository;

beforeAll(async () => {
  registry = await testRegistry();
  ann = await registry.person('ann', 'contributor', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'parts' });
});
afterAll(() => registry.close());

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

function send(number: number, bytes = CONTENT.subarray((number - 1) * 1_000, number * 1_000)): Promise<void> {
  return takePart(registry.context, ann, repository, upload, number, pieces(bytes));
}

test('parts in any order, one sent twice, become the file', async () => {
  await send(3);
  await send(1, randomBytes(1_000));
  await send(1);
  await expect(joinParts(registry.context, ann, repository, upload)).rejects.toMatchObject({ code: 'input.mismatch' });
  await Promise.all([send(1), send(2), send(3)]);
  expect(await joinParts(registry.context, ann, repository, upload)).toMatchObject({ sha256: upload.sha256, size: 2_500 });
  const usable = await usableBlobs(registry.context.store.db, ann, repository, [upload.sha256], Date.now());
  expect(usable.get(upload.sha256)).toBe(2_500);
});

test.each([
  ['too short', 2, 999],
  ['too long', 2, 1_001],
  ['one that is not there', 4, 10],
])('a part that is %s is refused', async (_, number, length) => {
  await expect(send(number, randomBytes(length))).rejects.toThrow();
});

test('parts that are not what was announced become nothing', async () => {
  await Promise.all([send(1), send(2, randomBytes(1_000)), send(3)]);
  await expect(joinParts(registry.context, ann, repository, upload)).rejects.toMatchObject({ code: 'input.mismatch' });
});
