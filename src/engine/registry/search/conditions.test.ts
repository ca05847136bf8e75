import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Clause } from './clause.ts';
import { conditionOf, type Searchable } from './conditions.ts';

const SEARCHABLE: Searchable = { attribute: () => ({ column: sql`name`, type: 'text' }), related: () => undefined };

test('a pattern that would be compared for minutes is refused', () => {
  const clause = (value: string): Clause => ({ on: 'attribute', key: 'name', operator: 'like', value }) as Clause;
  expect(() => conditionOf('sqlite', SEARCHABLE, clause(`%${'a'.repeat(200)}`))).not.toThrow();
  for (const dialect of ['sqlite', 'postgres'] as const)
    expect(() => conditionOf(dialect, SEARCHABLE, clause(`%${'a'.repeat(4_000)}b%`))).toThrow(/pattern/);
});
