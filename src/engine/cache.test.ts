import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Limits } from '../core/budget.ts';
import { cacheKey, readCached, writeCached } from './cache.ts';
import type { FileInspection } from './inspect-file.ts';

const limits = Limits.parse({});
const key = cacheKey('a'.repeat(64), 'model.pt', limits);
const inspection: FileInspection = {
  format: 'pickle',
  completeness: 'complete',
  reasons: [],
  sightings: [{ rule: 'pickle.dangerous-call', key: 'posix.system', message: 'calls', members: ['a', 'b'] }],
  facts: [{ name: 'tensors', basis: 'measured', value: { count: 1 } }],
  plugins: [{ id: 'pickle', status: 'succeeded' }],
  members: 2,
  cut: 0,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (): string => {
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.json'));
  return join(folder, file ?? 'none');
};

test('gives back what was written, and nothing to another key', () => {
  writeCached(folder, key, inspection);
  expect(readCached(folder, key)).toEqual(inspection);
  expect(readCached(folder, cacheKey('b'.repeat(64), 'model.pt', limits))).toBeUndefined();
  expect(readCached(undefined, key)).toBeUndefined();
});

test('the key covers content, path and every limit', () => {
  const keys = [
    key,
    cacheKey('b'.repeat(64), 'model.pt', limits),
    cacheKey('a'.repeat(64), 'other.pt', limits),
    ...Object.keys(limits).map((name) => cacheKey('a'.repeat(64), 'model.pt', { ...limits, [name]: 7 })),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

describe('an entry is ignored', () => {
  test.each<[string, (text: string) => string]>([
    ['empty', () => ''],
    ['garbage', () => '\0\xff not json'],
    ['cut short', (text) => text.slice(0, -10)],
    ['another value', () => 'null'],
    ['with a finding removed', (text) => text.replace(/"sightings":\[.*?\]\}\]/, '"sightings":[]')],
    ['with a changed verdict', (text) => text.replace('posix.system', 'numpy.array.')],
    ['of another key', (text) => text.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
  ])('%s', (_name, damage) => {
    writeCached(folder, key, inspection);
    const text = readFileSync(entry(), 'utf8');
    expect(damage(text)).not.toBe(text);
    writeFileSync(entry(), damage(text));
    expect(readCached(folder, key)).toBeUndefined();
  });

  test('copied under another key', () => {
    const other = cacheKey('b'.repeat(64), 'model.pt', limits);
    writeCached(folder, other, { ...inspection, sightings: [] });
    const text = readFileSync(entry());
    rmSync(entry());
    writeCached(folder, key, inspection);
    writeFileSync(entry(), text);
    expect(readCached(folder, key)).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')('that others can write', () => {
    writeCached(folder, key, inspection);
    chmodSync(entry(), 0o666);
    expect(readCached(folder, key)).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')('that is a link', () => {
    writeCached(folder, key, inspection);
    const target = join(folder, 'target');
    writeFileSync(target, readFileSync(entry()), { mode: 0o600 });
    const file = entry();
    rmSync(file);
    symlinkSync(target, file);
    expect(readCached(folder, key)).toBeUndefined();
  });
});

test('what may be different the next time is not remembered', () => {
  writeCached(folder, key, { ...inspection, plugins: [{ id: 'pickle', status: 'failed', reason: 'bug' }] });
  writeCached(folder, key, { ...inspection, sightings: [{ rule: 'engine.unreadable', key: 'engine', message: 'no', members: [] }] });
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that cannot be written is no failure', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => writeCached(join(file, 'below'), key, inspection)).not.toThrow();
  expect(readCached(join(file, 'below'), key)).toBeUndefined();
});
