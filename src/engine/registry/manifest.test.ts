import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadManifest, type ManifestEntry, manifestDigest, saveManifest, sortedByPath } from './manifest.ts';
import { type TestRegistry, testRegistry } from './testing.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry();
  const blobs = ['a', 'b'].map((digit) => ({ sha256: digit.repeat(64), size: 1, git_sha1: null, created_at: 1 }));
  await registry.context.store.db.insertInto('blob').values(blobs).execute();
});
afterAll(() => registry.close());

const path = fc.oneof(
  fc.constantFrom('a', 'a/b', 'a.txt', 'ab', 'é', '\ud83d\ude00', '\uffee', '\ue000', 'a/\uffee', 'a/\ud83d\ude00'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0')),
);
const files = fc
  .uniqueArray(fc.record({ path, sha256: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)) }), { selector: (one) => one.path, maxLength: 12 })
  .map((list) => list.map((one): ManifestEntry => ({ ...one, size: 1 })));

test('files are in the order of the bytes of their paths', () => {
  fc.assert(
    fc.property(files, (list) => {
      const expected = list.map((one) => one.path).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(sortedByPath(list).map((one) => one.path)).toEqual(expected);
    }),
  );
});

test('what is written beside another manifest is what was given, whatever they share', async () => {
  const { store } = registry.context;
  await fc.assert(
    fc.asyncProperty(files, files, async (first, second) => {
      const mixed = new Map([...first.slice(1), ...second].map((one) => [one.path, one]));
      const entries = [...mixed.values()];
      const digest = await store.transaction(async (tx) => {
        const base = await saveManifest(tx, first, 1);
        return saveManifest(tx, entries, 1, { digest: base, entries: first });
      });
      expect(digest).toBe(manifestDigest(entries));
      expect(await loadManifest(store.db, digest)).toEqual(sortedByPath(entries));
    }),
    { numRuns: 60 },
  );
});
