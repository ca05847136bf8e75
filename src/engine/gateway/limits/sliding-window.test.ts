import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlidingWindow, WINDOW_SLOTS } from './sliding-window.ts';

const WINDOW = 60_000;
const LATE = WINDOW / WINDOW_SLOTS;

test('in no window more than the limit is taken, and what is refused would have been refused one slot earlier, too', () => {
  const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 20 }), (steps, limit) => {
      const window = new SlidingWindow(WINDOW);
      const taken: { readonly at: number; readonly amount: number }[] = [];
      const within = (from: number, to: number): number =>
        taken.reduce((sum, { at, amount }) => (at > from && at <= to ? sum + amount : sum), 0);
      let now = 1_000_000;
      for (const [wait, amount] of steps) {
        now += wait;
        if (window.total(now) + amount <= limit) {
          window.add(amount, now);
          taken.push({ at: now, amount });
          expect(within(now - WINDOW, now)).toBeLessThanOrEqual(limit);
        } else {
          expect(within(now - WINDOW - LATE, now) + amount).toBeGreaterThan(limit);
        }
      }
    }),
  );
});

test('says when enough comes free', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 0, max: 100 }),
      (steps, most) => {
        const window = new SlidingWindow(WINDOW);
        let now = 7;
        for (const [wait, amount] of steps) window.add(amount, (now += wait));
        const wait = window.msUntilAtMost(most, now);
        if (wait === 0) expect(window.total(now)).toBeLessThanOrEqual(most);
        else {
          expect(window.total(now + wait - 1)).toBeGreaterThan(most);
          expect(window.total(now + wait)).toBeLessThanOrEqual(most);
        }
        expect(window.total(now + window.msUntilEmpty(now))).toBe(0);
      },
    ),
  );
});

test('a correction counts in the slot it was taken in; the clock may step back', () => {
  const window = new SlidingWindow(WINDOW);
  const slot = window.add(10, 100_000);
  window.correct(slot, -4);
  expect(window.total(100_000)).toBe(6);
  expect(window.add(1, 10_000)).toBe(slot);
  expect(window.total(10_000)).toBe(7);
  window.correct(slot, -100);
  expect(window.total(100_000)).toBe(0);
  window.correct(slot - 1, 5);
  expect(window.total(100_000)).toBe(0);
});
