import { describe, expect, test } from 'vitest';
import { Budget, Limits } from '../core/budget.ts';
import { CordonError } from '../core/errors.ts';
import { fileScanner } from '../core/plugin.ts';
import type { ByteSource } from '../core/source.ts';
import { bufferSource } from '../formats/bytes/source.ts';
import { inspectFile } from './inspect-file.ts';

const rule = { title: 'A rule', why: 'Because.', fix: 'Do something.', maps: [] } as const;
const TEXT = bufferSource(Buffer.from('some text\n'));

function scannerThat(inspect: Parameters<typeof fileScanner>[0]['inspect'], accepts = () => true) {
  const rules = [
    { ...rule, id: 'sample.mild', severity: 'low' },
    { ...rule, id: 'sample.bad', severity: 'critical' },
  ] as const;
  return fileScanner({ id: 'sample', title: 'A sample', rules, accepts, inspect: inspect as never });
}

const inspect = (scanner: ReturnType<typeof scannerThat>, limits: Partial<Limits> = {}, source: ByteSource = TEXT) =>
  inspectFile('folder/file.txt', source, [scanner], new Budget(Limits.parse(limits)));

describe('a scanner that throws', () => {
  test.each([
    ['a bug', new TypeError('x is undefined'), 'engine.scanner-failed', 'failed'],
    ['broken content', new CordonError('format.malformed', 'no'), 'engine.malformed', 'partial'],
    ['content that ends early', new CordonError('format.truncated', 'no'), 'engine.malformed', 'partial'],
    ['a limit', new CordonError('limit.reached', 'no'), 'engine.limit-reached', 'partial'],
    ['an unread feature', new CordonError('format.unsupported', 'no'), 'engine.unsupported', 'partial'],
    ['a disk that fails', new CordonError('input.unreadable', 'no'), 'engine.unreadable', 'partial'],
    ['a server that fails', new CordonError('network.refused', 'no'), 'engine.unreadable', 'partial'],
    ['something that is no error', 'text', 'engine.scanner-failed', 'failed'],
  ])('%s', (_name, thrown, expected, status) => {
    const result = inspect(
      scannerThat(function* () {
        yield { rule: 'sample.bad', key: 'before', message: 'seen before' };
        throw thrown;
      }),
    );
    expect(result.sightings.map((sighting) => sighting.rule)).toEqual(['sample.bad', expected]);
    expect(result.completeness).toBe('inconclusive');
    expect(result.plugins).toEqual([expect.objectContaining({ id: 'sample', status })]);
  });

  test('in accepts', () => {
    const scanner = scannerThat(
      function* () {},
      () => {
        throw new Error('no');
      },
    );
    expect(inspect(scanner).sightings.map((sighting) => sighting.rule)).toEqual(['engine.scanner-failed']);
  });
});

test('a source that fails at any read never makes the inspection throw', () => {
  for (let failing = 0; failing < 12; failing++) {
    let reads = 0;
    const source: ByteSource = {
      size: 100_000,
      read: (_offset, length) => {
        if (reads++ === failing) throw new CordonError('input.unreadable', 'the disk cannot read it');
        return new Uint8Array(Math.min(length, 100_000)).fill(0x41);
      },
    };
    const result = inspect(
      scannerThat(function* () {}),
      {},
      source,
    );
    if (reads > failing) expect(result.completeness, `read ${failing}`).toBe('inconclusive');
  }
});

test('many mild findings cannot push out a critical one', () => {
  const result = inspect(
    scannerThat(function* () {
      for (let index = 0; index < 50; index++) yield { rule: 'sample.mild', key: `${index}`, message: 'mild' };
      yield { rule: 'sample.bad', key: 'bad', message: 'bad' };
    }),
    { findings: 10 },
  );
  expect(result.sightings).toHaveLength(10);
  expect(result.sightings.at(-1)?.rule).toBe('sample.bad');
  expect(result.cut).toBe(41);
});

test('reasons and facts of countless members stay bounded', () => {
  const result = inspect(
    scannerThat(function* (_subject, context) {
      for (let index = 0; index < 20_000; index++) {
        context.inconclusive(`reason ${index}`);
        context.fact('name', index);
      }
    }),
  );
  expect(result.reasons).toHaveLength(101);
  expect(result.reasons.at(-1)).toBe('and 19900 more reasons');
  expect(result.facts).toHaveLength(10_000);
});

test('members deeper than the limit are reported and not entered', () => {
  let deepest = 0;
  const result = inspect(
    scannerThat(function* (subject, context) {
      deepest = Math.max(deepest, subject.members.length);
      context.descend({ name: 'inner', source: TEXT });
    }),
    { depth: 3 },
  );
  expect(deepest).toBe(3);
  expect(result.sightings).toEqual([
    expect.objectContaining({ rule: 'engine.limit-reached', members: ['inner', 'inner', 'inner', 'inner'] }),
  ]);
});

test('too many members end the scan of the file', () => {
  const result = inspect(
    scannerThat(function* (subject, context) {
      if (subject.members.length === 0) for (;;) context.descend({ name: 'inner', source: TEXT });
    }),
    { members: 20 },
  );
  expect(result.members).toBe(20);
  expect(result.sightings.map((sighting) => sighting.rule)).toEqual(['engine.limit-reached']);
});
