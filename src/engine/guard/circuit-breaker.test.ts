import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CircuitBreaker, type Outcome } from './circuit-breaker.ts';

function breaker(): { breaker: CircuitBreaker; pass: (ms: number) => void; attempt: (outcome: Outcome) => boolean } {
  let now = 0;
  const made = new CircuitBreaker({ failures: 3, coolDownMs: 100, longestMs: 350, now: () => now });
  return {
    breaker: made,
    pass: (ms) => void (now += ms),
    attempt(outcome) {
      const report = made.enter();
      report?.(outcome);
      return report !== undefined;
    },
  };
}

test('it opens after failures in a row; a success in between starts the count anew', () => {
  const { breaker: one, attempt } = breaker();
  for (const outcome of ['failed', 'failed', 'succeeded', 'failed', 'cancelled', 'failed'] as const) expect(attempt(outcome)).toBe(true);
  expect(one.state).toBe('closed');
  attempt('failed');
  expect(one.state).toBe('open');
  expect(attempt('succeeded')).toBe(false);
});

test('one probe after the cool-down; a success closes it', () => {
  const { breaker: one, pass, attempt } = breaker();
  for (let turn = 0; turn < 3; turn++) attempt('failed');
  pass(99);
  expect(one.state).toBe('open');
  pass(1);
  expect(one.state).toBe('half-open');
  const probe = one.enter();
  expect(one.enter()).toBeUndefined();
  probe?.('succeeded');
  expect(one.state).toBe('closed');
  expect(attempt('failed')).toBe(true);
  expect(one.state).toBe('closed');
});

test('a failed probe doubles the cool-down up to the longest; a cancelled one says nothing', () => {
  const { breaker: one, pass, attempt } = breaker();
  for (let turn = 0; turn < 3; turn++) attempt('failed');
  for (const cool of [100, 200, 350, 350]) {
    pass(cool - 1);
    expect(attempt('failed')).toBe(false);
    pass(1);
    expect(attempt('cancelled')).toBe(true);
    expect(attempt('failed')).toBe(true);
    expect(one.state).toBe('open');
  }
  pass(350);
  attempt('succeeded');
  for (let turn = 0; turn < 3; turn++) attempt('failed');
  pass(100);
  expect(one.state).toBe('half-open');
});

test('attempts that began before it opened change nothing, and each reports once', () => {
  const { breaker: one, attempt } = breaker();
  const early = one.enter();
  const twice = one.enter();
  for (let turn = 0; turn < 3; turn++) twice?.('failed');
  expect(one.state).toBe('closed');
  attempt('failed');
  attempt('failed');
  expect(one.state).toBe('open');
  early?.('succeeded');
  expect(one.state).toBe('open');
});

test('whatever happens: at most one probe at a time, and it never stays shut for ever', () => {
  const step = fc.oneof(
    fc.record({ pass: fc.nat(400) }),
    fc.record({ outcome: fc.constantFrom<Outcome>('succeeded', 'failed', 'cancelled') }),
    fc.constant('enter' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { breaker: one, pass } = breaker();
      const running: ((outcome: Outcome) => void)[] = [];
      let probes = 0;
      for (const what of steps) {
        if (what === 'enter') {
          const before = one.state;
          const report = one.enter();
          if (report === undefined) continue;
          const isProbe = before === 'half-open';
          if (isProbe) expect(++probes).toBe(1);
          running.push((outcome) => {
            if (isProbe) probes--;
            report(outcome);
          });
        } else if ('pass' in what) pass(what.pass);
        else running.shift()?.(what.outcome);
      }
      for (const report of running) report('failed');
      pass(350);
      expect(one.enter()).toBeDefined();
    }),
  );
});
