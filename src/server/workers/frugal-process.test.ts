import { expect, test } from 'vitest';
import { frugalSettings } from './frugal-process.ts';

test('workers are told to be frugal', () => {
  expect(frugalSettings({ execArgv: ['--enable-source-maps'], env: {} })).toEqual({
    execArgv: ['--enable-source-maps', '--max-semi-space-size=8'],
    environment: { MALLOC_ARENA_MAX: '2' },
  });
});

test.each([
  { execArgv: ['--max-semi-space-size=32'], env: {} },
  { execArgv: ['--max_semi_space_size', '32'], env: {} },
  { execArgv: [], env: { NODE_OPTIONS: '--no-warnings --max-semi-space-size=32' } },
  { execArgv: [], env: { NODE_OPTIONS: '--min-semi-space-size=8' } },
])('unless somebody said otherwise: $execArgv $env', (given) => {
  expect(frugalSettings(given).execArgv).toEqual(given.execArgv);
});

test('what somebody said of the heaps of the C library stays', () => {
  expect(frugalSettings({ execArgv: [], env: { MALLOC_ARENA_MAX: '8' } }).environment).toEqual({});
});
