import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clause } from '../../../engine/registry/search/clause.ts';
import { CordonError } from '../../../core/errors.ts';
import { parseFilter } from './parse-filter.ts';
import { parseOrder } from './parse-order.ts';

describe('filters', () => {
  test.each<[string, Clause[]]>([
    ['', []],
    ["name = 'x'", [{ on: 'attribute', key: 'name', operator: '=', value: 'x' }]],
    ['metrics.acc > 0.9', [{ on: 'metric', key: 'acc', operator: '>', value: 0.9 }]],
    ['metric.`val/acc top-1`>=-1e-3', [{ on: 'metric', key: 'val/acc top-1', operator: '>=', value: -0.001 }]],
    ["params.a.b != 'c'", [{ on: 'param', key: 'a.b', operator: '!=', value: 'c' }]],
    ['tags."mlflow.user" like \'a%\'', [{ on: 'tag', key: 'mlflow.user', operator: 'like', value: 'a%' }]],
    ['tags.x ILIKE "It\'s"', [{ on: 'tag', key: 'x', operator: 'ilike', value: "It's" }]],
    ["name = 'it''s'", [{ on: 'attribute', key: 'name', operator: '=', value: "it's" }]],
    ["run_id IN ('a','b')", [{ on: 'attribute', key: 'run_id', operator: 'in', values: ['a', 'b'] }]],
    ["attributes.run_id not in ('a')", [{ on: 'attribute', key: 'run_id', operator: 'not in', values: ['a'] }]],
    ['tags.x IS NULL', [{ on: 'tag', key: 'x', operator: 'is null' }]],
    ['params.x is not null', [{ on: 'param', key: 'x', operator: 'is not null' }]],
    [
      "datasets.name = 'd' and dataset.digest <> 'e'",
      [
        { on: 'dataset', key: 'name', operator: '=', value: 'd' },
        { on: 'dataset', key: 'digest', operator: '!=', value: 'e' },
      ],
    ],
  ])('%s', (text, clauses) => expect(parseFilter(text)).toEqual(clauses));

  test.each([
    'name',
    'name =',
    "= 'x'",
    "name = 'x' OR name = 'y'",
    "name = 'x' name = 'y'",
    "name = 'x' AND",
    "nothing.name = 'x'",
    "__proto__.name = 'x'",
    "name = 'x",
    'run_id IN ()',
    "run_id IN ('a'",
    "name = x'; drop table run; --",
    'tags.x IS 1',
    "a = 'b'; ",
    'metrics. > 1',
    `a = '${'x'.repeat(30_000)}'`,
    Array(101).fill("a = 'b'").join(' AND '),
  ])('%j is refused', (text) => expect(() => parseFilter(text)).toThrow(CordonError));

  test('what is written is what is read', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const key = text.filter((one) => one !== '' && !/[`]/.test(one) && one.trim() === one);
    const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
    const subject = fc.constantFrom('metric', 'param', 'tag');
    const clause = fc.oneof(
      fc.record({ on: subject, key, operator, value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0) }),
      fc.record({ on: subject, key, operator, value: text }),
      fc.record({ on: subject, key, operator: fc.constantFrom('like', 'ilike'), value: text }),
      fc.record({ on: subject, key, operator: fc.constantFrom('in', 'not in'), values: fc.array(text, { minLength: 1, maxLength: 5 }) }),
      fc.record({ on: subject, key, operator: fc.constantFrom('is null', 'is not null') }),
    ) as fc.Arbitrary<Clause>;
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 8 }), (clauses) => {
        expect(parseFilter(clauses.map(written).join(' AND '))).toEqual(clauses);
      }),
      { numRuns: 500 },
    );
  });

  test('nothing but an error of Cordon comes of any text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("'", '"', '`', '.', 'AND', 'IN', '(', ')', ',', 'metrics', '=', '1', ' ', 'IS', 'NOT', 'NULL'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseFilter(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'request.invalid' });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('time does not explode', () => {
    const started = performance.now();
    for (const text of [
      "'".repeat(19_999),
      '`'.repeat(19_999),
      'a.'.repeat(9_999),
      '('.repeat(19_999),
      ' '.repeat(19_999),
      '-'.repeat(19_999),
    ]) {
      expect(() => parseFilter(`${text}x`)).toThrow(CordonError);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

function written(clause: Clause): string {
  const string = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const left = `${clause.on}s.\`${clause.key}\``;
  if ('values' in clause) return `${left} ${clause.operator} (${clause.values.map(string).join(', ')})`;
  if (!('value' in clause)) return `${left} ${clause.operator}`;
  return `${left} ${clause.operator} ${typeof clause.value === 'number' ? String(clause.value) : string(clause.value)}`;
}

test('orders', () => {
  expect(parseOrder(['metrics.acc DESC', 'attributes.start_time', 'name asc', 'tags.`a b` desc'])).toEqual([
    { on: 'metric', key: 'acc', isDescending: true },
    { on: 'attribute', key: 'start_time', isDescending: false },
    { on: 'attribute', key: 'name', isDescending: false },
    { on: 'tag', key: 'a b', isDescending: true },
  ]);
  expect(() => parseOrder([''])).toThrow(CordonError);
});
