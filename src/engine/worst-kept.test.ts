import { expect, test } from 'vitest';
import { WorstKept } from './worst-kept.ts';

test('keeps the worst in the order they came and counts the rest', () => {
  const kept = new WorstKept<string>(3);
  for (const [item, rank] of [
    ['a', 1],
    ['b', 2],
    ['c', 1],
    ['d', 1],
    ['e', 4],
    ['f', 2],
    ['g', 0],
  ] as const)
    kept.add(item, rank);
  expect(kept.items()).toEqual(['b', 'e', 'f']);
  expect(kept.cut).toBe(4);
});
