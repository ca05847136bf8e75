import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingOf, numbered } from './findings.ts';
import { RULES } from './rule-set.ts';

const draft = (path: string, key: string, offset?: number) =>
  findingOf(
    { rule: 'engine.malformed', key, message: 'broken', members: [], ...(offset !== undefined && { at: { offset } }) },
    path,
    null,
    RULES,
  );

test('ids are unique, made of the fingerprint, and repeated ones are numbered', () => {
  const ids = numbered([draft('a', 'x', 1), draft('a', 'x', 2), draft('b', 'x')]).map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(ids[1]).toBe(`${ids[0]}-2`);
  expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
});

test('the order in which findings arrive does not matter', () => {
  const drafts = ['a', 'b', 'c'].flatMap((path) => ['x', 'y'].flatMap((key) => [1, 2, 3].map((offset) => draft(path, key, offset))));
  const expected = numbered(drafts);
  fc.assert(
    fc.property(fc.shuffledSubarray(drafts, { minLength: drafts.length }), (shuffled) => {
      expect(numbered(shuffled)).toEqual(expected);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('an undeclared rule is a bug, not a finding', () => {
  expect(() => findingOf({ rule: 'no.such-rule', key: 'x', message: 'x', members: [] }, 'a', null, RULES)).toThrow('undeclared rule');
});
