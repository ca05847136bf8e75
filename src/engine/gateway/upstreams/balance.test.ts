import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Resilience } from '../../../core/gateway-model-config.ts';
import { chooseTarget } from './balance.ts';
import { Health } from './health.ts';
import { RetryBudget } from './retry-budget.ts';
import type { Route, RouteTarget } from './route.ts';

const rules = Resilience.parse({});

/** Numbers between 0 and 1, the same for the same seed. */
function randomBy(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Made {
  readonly weight: number;
  readonly isFull: boolean;
  readonly isOpen: boolean;
  readonly isCooling: boolean;
}

function routeOf(made: readonly Made[], strategy: 'weighted' | 'latency' | 'first'): Route {
  const targets = made.map(({ weight, isFull, isOpen, isCooling }, index) => {
    const health = new Health(rules, () => 1);
    if (isOpen)
      for (let n = 0; n < rules.failures; n++) {
        health.begin();
        health.end('failed', false, 0);
      }
    if (isCooling) health.coolUntil = 1_000;
    return { upstream: { id: String(index), isFull }, health, weight, target: undefined } as unknown as RouteTarget;
  });
  return { name: 'm', config: { targets: [], strategy, fallback: [], retries: 0 }, targets, fallback: [] };
}

const made = fc.record({ weight: fc.nat(5), isFull: fc.boolean(), isOpen: fc.boolean(), isCooling: fc.boolean() });
const strategy = fc.constantFrom('weighted' as const, 'latency' as const, 'first' as const);

describe('choosing', () => {
  test('finds a target exactly when one can take the request, and never one that cannot', () => {
    fc.assert(
      fc.property(fc.array(made, { minLength: 1, maxLength: 8 }), strategy, fc.integer(), fc.nat(255), (list, by, seed, mask) => {
        const route = routeOf(list, by);
        const fits = (to: RouteTarget): boolean => ((mask >> route.targets.indexOf(to)) & 1) === 1;
        const chosen = chooseTarget(route, { now: 1, random: randomBy(seed), fits });
        const able = list.filter(({ isFull, isOpen }, index) => !isFull && !isOpen && ((mask >> index) & 1) === 1);
        expect(chosen === undefined).toBe(able.length === 0);
        if (chosen === undefined) return;
        const it = list[route.targets.indexOf(chosen)]!;
        expect(able).toContain(it);
        if (list.length === 1) return;
        if (able.some(({ isCooling }) => !isCooling)) expect(it.isCooling).toBe(false);
        const rest = able.filter(({ isCooling }) => isCooling === it.isCooling);
        if (rest.some(({ weight }) => weight > 0)) expect(it.weight).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('by weight gives each target its share', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 6 }), fc.integer(), (weights, seed) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        fc.pre(total > 0);
        const route = routeOf(
          weights.map((weight) => ({ weight, isFull: false, isOpen: false, isCooling: false })),
          'weighted',
        );
        const random = randomBy(seed);
        const counts = weights.map(() => 0);
        const times = 4_000;
        for (let n = 0; n < times; n++) counts[route.targets.indexOf(chooseTarget(route, { now: 1, random, fits: () => true })!)]!++;
        for (const [index, weight] of weights.entries()) {
          const share = weight / total;
          // Five standard deviations.
          expect(Math.abs(counts[index]! / times - share)).toBeLessThanOrEqual(5 * Math.sqrt((share * (1 - share)) / times) + 1e-9);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('by latency never takes the worst of all, and spreads over equals', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 8 }), fc.integer(), (latencies, seed) => {
        const route = routeOf(
          latencies.map(() => ({ weight: 1, isFull: false, isOpen: false, isCooling: false })),
          'latency',
        );
        for (const [index, ms] of latencies.entries()) route.targets[index]!.health.responded(ms, 0);
        const worst = Math.max(...latencies);
        const isOnlyWorst = latencies.filter((ms) => ms === worst).length === 1;
        const random = randomBy(seed);
        for (let n = 0; n < 50; n++) {
          const chosen = chooseTarget(route, { now: 0, random, fits: () => true })!;
          if (isOnlyWorst) expect(latencies[route.targets.indexOf(chosen)]).toBeLessThan(worst);
        }
      }),
    );
  });

  test('by latency counts what is under way', () => {
    const route = routeOf(
      Array.from({ length: 2 }, () => ({ weight: 1, isFull: false, isOpen: false, isCooling: false })),
      'latency',
    );
    const counts = [0, 0];
    for (const { health } of route.targets) health.responded(10, 0);
    for (let n = 0; n < 1_000; n++) {
      const chosen = chooseTarget(route, { now: 0, random: Math.random, fits: () => true })!;
      chosen.health.begin();
      counts[route.targets.indexOf(chosen)]!++;
    }
    expect(Math.abs(counts[0]! - counts[1]!)).toBeLessThanOrEqual(1);
  });
});

describe('a circuit', () => {
  test('never lets more than one request through while it is half-open, counts every request once, and always comes back', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('begin' as const) }),
      fc.record({
        do: fc.constant('end' as const),
        which: fc.nat(20),
        outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'neutral' as const),
      }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.nat(70_000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const health = new Health(rules, () => 0.5);
        const under: boolean[] = [];
        let now = 1;
        for (const one of steps) {
          if (one.do === 'wait') now += one.ms;
          else if (one.do === 'begin') {
            const wasHalfOpen = health.admits(now) && health.state(now) === 'half-open';
            if (!health.admits(now)) continue;
            if (wasHalfOpen) expect(under.filter(Boolean)).toHaveLength(0);
            under.push(health.begin());
          } else if (under.length > 0) {
            const [isProbe] = under.splice(one.which % under.length, 1);
            if (isProbe === true && one.outcome === 'succeeded') {
              health.probeSucceeded();
              health.end('succeeded', false, now);
            } else health.end(one.outcome, isProbe ?? false, now);
          }
          expect(health.inFlight).toBe(under.length);
        }
        for (const isProbe of under.splice(0)) health.end('neutral', isProbe, now);
        now += rules.maxOpenMs + 1;
        expect(health.admits(now)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('retries never exceed the burst and the share of the requests', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(20),
      fc.array(fc.boolean(), { maxLength: 500 }),
      (ratio, burst, steps) => {
        const budget = new RetryBudget(ratio, burst);
        let requests = 0;
        for (const isRequest of steps) {
          if (isRequest) {
            requests++;
            budget.deposit();
          } else budget.withdraw();
          expect(budget.granted).toBeLessThanOrEqual(burst + requests * ratio + 1e-6);
        }
      },
    ),
  );
});
