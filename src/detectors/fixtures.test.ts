import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DetectorCase } from '../../test/detector-case.ts';
import { DETECTORS } from './index.ts';
import { TextSubject } from './text-subject.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const folders = readdirSync(folder, { withFileTypes: true })
  // moderation/ speaks to services and has tests of its own.
  .filter((entry) => entry.isDirectory() && entry.name !== 'moderation')
  .map((entry) => entry.name);

test('every detector folder is listed, and every listed detector has a folder', () => {
  expect(DETECTORS.map(({ id }) => id as string).toSorted()).toEqual(folders.toSorted());
});

test('rule ids are unique and begin with the id of their detector', () => {
  const ids = DETECTORS.flatMap(({ rules }) => rules).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, rules } of DETECTORS) for (const rule of rules) expect(rule.id.startsWith(`${id}.`), rule.id).toBe(true);
});

/** Cases of a detector: `fixtures/<case>/make.ts`, whose default export is one case or a list of them. */
async function casesOf(id: string): Promise<DetectorCase[]> {
  const root = `${folder}${id}/fixtures`;
  if (!existsSync(root)) return [];
  const loaded = await Promise.all(
    readdirSync(root).map(async (name) => (await import(`${root}/${name}/make.ts`)) as { default: DetectorCase | DetectorCase[] }),
  );
  return loaded.flatMap((module) => module.default);
}

function fired({ text, channel, options = {}, surroundings }: DetectorCase): string[] {
  const subject = new TextSubject({ text, channel }, surroundings);
  const rules = new Set<string>();
  for (const detector of DETECTORS) {
    if (!detector.channels.includes(channel)) continue;
    for (const { rule, score, span } of detector.compile(options[detector.id] ?? {})(subject)) {
      expect(detector.rules.map(({ id }) => id)).toContain(rule);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
      // What the strict profile counts.
      if (score >= (detector.id === 'pii' ? 0.4 : 0.5)) rules.add(rule);
    }
  }
  return [...rules].toSorted();
}

for (const detector of DETECTORS) {
  const cases = await casesOf(detector.id);
  describe(detector.id, () => {
    test('every rule has a hit case, and there is a clean case', () => {
      const hit = new Set(cases.flatMap(({ rules }) => rules));
      expect(
        detector.rules.map(({ id }) => id).filter((id) => !hit.has(id)),
        'rules without a hit case',
      ).toEqual([]);
      expect(
        cases.some(({ rules }) => rules.length === 0),
        'a clean case',
      ).toBe(true);
    });
    test.each(cases.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
      const rules = fired(fixture);
      expect(fixture.others === true ? rules.filter((rule) => fixture.rules.includes(rule)) : rules).toEqual([...fixture.rules].toSorted());
    });
  });
}
