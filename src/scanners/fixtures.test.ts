import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, describe, test } from 'vitest';
import { ENGINE_RULES } from '../engine/rules.ts';
import { inspectTree } from '../engine/inspect-tree.ts';
import type { FixtureCase } from '../../test/fixture-case.ts';
import { FILE_SCANNERS } from './index.ts';
import { TREE_SCANNERS } from './tree.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const scanners = [...FILE_SCANNERS, ...TREE_SCANNERS];
const scannerFolders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

test('every scanner folder is listed, and every listed scanner has a folder', () => {
  expect(scanners.map((scanner) => scanner.id).toSorted()).toEqual(scannerFolders.toSorted());
});

test('rule ids are unique and begin with the id of their scanner', () => {
  const ids = [...ENGINE_RULES, ...scanners.flatMap((scanner) => scanner.rules)].map((rule) => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const scanner of scanners) {
    for (const rule of scanner.rules) expect(rule.id.startsWith(`${scanner.id}.`), rule.id).toBe(true);
  }
});

/** Cases of a scanner: `fixtures/<case>/make.ts`, whose default export is one case or a list of them. */
async function casesOf(id: string): Promise<FixtureCase[]> {
  const root = `${folder}${id}/fixtures`;
  if (!existsSync(root)) return [];
  const loaded = await Promise.all(
    readdirSync(root).map(async (name) => (await import(`${root}/${name}/make.ts`)) as { default: FixtureCase | FixtureCase[] }),
  );
  return loaded.flatMap((module) => module.default);
}

const declared = new Set([
  ...ENGINE_RULES.map((rule) => rule.id as string),
  ...scanners.flatMap((scanner) => scanner.rules.map((rule) => rule.id)),
]);

for (const scanner of scanners) {
  const cases = await casesOf(scanner.id);
  describe(scanner.id, () => {
    test('every rule has a hit case, and there is a clean case', () => {
      const hit = new Set(cases.flatMap((fixture) => fixture.rules));
      expect(
        scanner.rules.map((rule) => rule.id).filter((id) => !hit.has(id)),
        'rules without a hit case',
      ).toEqual([]);
      expect(
        cases.some((fixture) => fixture.rules.length === 0),
        'a clean case',
      ).toBe(true);
    });
    test.each(cases.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
      const result = inspectTree(fixture.files, FILE_SCANNERS, TREE_SCANNERS);
      const fired = [...new Set(result.observations.map((observation) => observation.rule))].toSorted();
      expect(
        fired.filter((rule) => !declared.has(rule)),
        'undeclared rules',
      ).toEqual([]);
      expect({ rules: fired, completeness: result.completeness }).toEqual({
        rules: fixture.rules.toSorted(),
        completeness: fixture.completeness ?? 'complete',
      });
    });
  });
}
