import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyRecords } from '../../src/engine/registry/integrity/verify-records.ts';
import type { TestRegistry } from '../../src/engine/registry/testing.ts';
import { makeRegistry } from './make-registry.ts';
import { seeded } from './tamper.ts';
import { tamperBlob, tamperRow } from './tamper-registry.ts';

let registry: TestRegistry;
beforeAll(async () => (registry = await makeRegistry(2)), 60_000);
afterAll(() => registry.close());

async function found() {
  const problems = [];
  for await (const problem of verifyRecords(registry.context.store.db, registry.context.blobs)) problems.push(problem);
  return problems;
}

test('what the acts themselves did is right', async () => {
  expect(await found()).toEqual([]);
});

test('changed bytes of blobs and changed rows are found, each where it is', { timeout: 60_000 }, async () => {
  const random = seeded(2026);
  for (let index = 0; index < 40; index++) {
    const byte = await tamperBlob(registry, random);
    expect(byte, JSON.stringify(byte)).toMatchObject({ located: true });
    for (let times = 0; times < 5; times++) {
      const row = await tamperRow(registry, random);
      expect(row, JSON.stringify(row)).toMatchObject({ located: true });
    }
  }
  expect(await found()).toEqual([]);
});
