import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectTree } from '../src/engine/inspect-tree.ts';
import { FILE_SCANNERS } from '../src/scanners/index.ts';
import { TREE_SCANNERS } from '../src/scanners/tree.ts';
import { fixtureCases, fixtureFiles } from './fuzz/corpus.ts';
import { mutate, type Mutation, MUTATIONS } from './fuzz/mutation.ts';
import { complaintAbout, inspectBytes } from './fuzz/oracle.ts';

const SEED = 20_261;
const RUNS_FOR_EACH_FILE = 6;
/** Milliseconds one damaged file may take; generous, because tests share their machine. */
const SLOW_MS = 10_000;

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...MUTATIONS),
  at: fraction,
  extent: fraction,
  choice: fc.nat(0xffff),
});
const files = await fixtureFiles();
const damage = fc.tuple(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.nat(files.length - 1));

function damaged(bytes: Uint8Array, mutations: readonly Mutation[], other: number): Uint8Array {
  return mutations.reduce((current, step) => mutate(current, step, files[other]?.bytes ?? bytes), bytes);
}

describe('damaged fixtures of', () => {
  test.each([...new Set(files.map(({ scanner }) => scanner))])('%s never make a scanner fail, hang or answer differently', (id) => {
    for (const [index, { scanner, name, path, bytes }] of files.entries()) {
      if (scanner !== id) continue;
      fc.assert(
        fc.property(damage, ([mutations, other]) => {
          const input = damaged(bytes, mutations, other);
          const started = performance.now();
          const inspection = inspectBytes(path, input);
          expect(performance.now() - started).toBeLessThan(SLOW_MS);
          expect(complaintAbout(inspection), `${name}: ${path}`).toBeUndefined();
          expect(structuredClone(inspection)).toEqual(JSON.parse(JSON.stringify(inspection)));
          expect(inspectBytes(path, input)).toEqual(inspection);
        }),
        { seed: SEED + index, numRuns: RUNS_FOR_EACH_FILE },
      );
    }
  });
});

/** Lengths and counts that no file can keep, at every place of the beginning of one file of each format. */
test('gigantic declared lengths neither allocate nor loop', () => {
  const byFormat = new Map(files.filter(({ bytes }) => bytes.length >= 16).map((seed) => [`${seed.format} ${seed.scanner}`, seed]));
  expect(byFormat.size).toBeGreaterThan(40);
  const huge = [[0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], Array<number>(8).fill(0xff)];
  const started = performance.now();
  let inputs = 0;
  for (const { path, bytes, format } of byFormat.values()) {
    for (let at = 0; at < Math.min(96, bytes.length); at += 2) {
      for (const length of huge) {
        const input = bytes.slice();
        input.set(length.slice(0, bytes.length - at), at);
        inputs++;
        expect(complaintAbout(inspectBytes(path, input)), `${format}: ${path} at ${at}`).toBeUndefined();
      }
    }
  }
  expect((performance.now() - started) / inputs).toBeLessThan(100);
});

test('damaged folders never make a tree scanner fail', async () => {
  const trees = new Set(TREE_SCANNERS.map(({ id }) => id));
  const cases = (await fixtureCases()).filter(({ scanner }) => trees.has(scanner));
  expect(cases.length).toBeGreaterThan(0);
  for (const [index, { fixture }] of cases.entries()) {
    const entries = Object.entries(fixture.files);
    fc.assert(
      fc.property(damage, fc.nat(entries.length - 1), ([mutations, other], target) => {
        const folder = Object.fromEntries(
          entries.map(([path, content], position) => {
            const bytes = typeof content === 'string' ? Buffer.from(content) : content;
            return [path, position === target ? damaged(bytes, mutations, other) : bytes];
          }),
        );
        const { observations } = inspectTree(folder, FILE_SCANNERS, TREE_SCANNERS);
        expect(observations.filter(({ rule }) => rule === 'engine.scanner-failed')).toEqual([]);
      }),
      { seed: SEED + index, numRuns: RUNS_FOR_EACH_FILE },
    );
  }
});
