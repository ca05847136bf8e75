import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytecode, call, closure, environment, int, list, promise, rds, reals, strings, symbol } from '../../../test/makers/r-data.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { walkRData } from './walk.ts';

const valid = rds(
  list(
    [
      call(call('::', symbol('base'), symbol('identity')), strings('a')),
      environment([['x', promise(call('f', symbol('y')))]], true),
      closure(bytecode(Buffer.concat([int(16), strings('k')]))),
      reals(3),
    ],
    [['class', strings('lm')]],
  ),
);

function walk(bytes: Uint8Array) {
  const events = [];
  let steps = 0;
  const walker = walkRData(bufferSource(bytes), 0, () => {
    if (++steps > 100_000) throw new CordonError('limit.reached', 'steps');
  });
  for (;;) {
    const step = walker.next();
    if (step.done === true) return { events, end: step.value };
    events.push(step.value);
  }
}

test('calls, promises and functions are told with their places, to the last byte', () => {
  const { events, end } = walk(valid);
  expect(end).toBe(valid.length);
  expect(events.map((event) => (event.kind === 'call' ? `${event.head}:${event.place.inside}` : event.kind))).toEqual([
    ':::data',
    'base::identity:data',
    'f:promise',
    'promise',
    'closure',
    'bytecode',
  ]);
  expect(events[3]).toMatchObject({ kind: 'promise', value: { code: 252 }, expression: { head: 'f' }, place: { binding: true } });
});

test('nesting without end is refused', () => {
  expect(() => walk(rds(Buffer.concat(Array.from({ length: 300_000 }, () => int(6)))))).toThrow(CordonError);
});

test('long lists need no stack', () => {
  const cells = Buffer.concat([...Array.from({ length: 150_000 }, () => Buffer.concat([int(2), int(0xfe)])), int(0xfe)]);
  expect(() => walkRData(bufferSource(rds(cells)), 0, () => undefined).next()).not.toThrow();
});

test('mutated data is walked or refused', () => {
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, byte, length) => {
      const mutated = Buffer.from(valid);
      mutated[at] = byte;
      try {
        walk(mutated.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 2_000 },
  );
});
