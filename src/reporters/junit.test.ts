import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { clean } from './fixtures/clean.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { junit } from './junit.ts';

/** Parses strictly; gives each test case with the element it holds. */
function casesOf(xml: string): { outcomes: Record<string, string>; suite: Record<string, string> } {
  const parser = new SaxesParser();
  const outcomes: Record<string, string> = {};
  let suite: Record<string, string> = {};
  let current = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testsuite') suite = { ...attributes };
    else if (name === 'testcase') outcomes[(current = attributes['name'] ?? '')] = 'passed';
    else if (name !== 'testsuites') outcomes[current] = name;
  });
  parser.write(xml).close();
  return { outcomes, suite };
}

test('one case for the gate and one for each artifact', () => {
  const { outcomes, suite } = casesOf(junit(rich, rules));
  expect(outcomes).toEqual({
    'gate ci': 'failure',
    'config.json': 'passed',
    'models/classifier.keras': 'failure',
    'models/model.pt': 'failure',
    'models/model v2.pt': 'failure',
    'old/scaler.joblib': 'skipped',
    'weights/pytorch_model.bin': 'error',
    'weights/shard-2.bin': 'error',
  });
  expect(suite).toMatchObject({ tests: '8', failures: '4', errors: '2', skipped: '1' });
});

test('a clean scan passes', () => {
  expect(Object.values(casesOf(junit(clean, rules)).outcomes)).toEqual(['passed', 'passed']);
});

test('hostile text is well-formed XML', () => {
  expect(Object.values(casesOf(junit(hostile, rules)).outcomes)).toEqual(['failure', 'failure']);
});
