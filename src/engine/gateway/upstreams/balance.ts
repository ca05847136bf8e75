import type { Route, RouteTarget } from './route.ts';

/** What choosing depends on. */
export interface Choice {
  /** Monotonic milliseconds. */
  readonly now: number;
  readonly random: () => number;
  /** Whether a target can serve the request at all. */
  readonly fits: (target: RouteTarget) => boolean;
}

/**
 * A target of a route by its strategy; undefined when none can take the request now. Targets whose limit is reached come after those
 * whose is not, targets of weight 0 after all others.
 */
export function chooseTarget(route: Route, choice: Choice): RouteTarget | undefined {
  const { targets, config } = route;
  const { now, fits } = choice;
  if (targets.length === 1) {
    const [only] = targets;
    return isAvailable(only!, now) && fits(only!) ? only : undefined;
  }
  const able = targets.filter((target) => isAvailable(target, now) && fits(target));
  if (able.length < 2) return able[0];
  const cool = able.filter(({ health }) => now >= health.coolUntil);
  const candidates = cool.length > 0 ? cool : able;
  const weighted = candidates.filter(({ weight }) => weight > 0);
  return pick(config.strategy, weighted.length > 0 ? weighted : candidates, choice);
}

function isAvailable({ upstream, health }: RouteTarget, now: number): boolean {
  return !upstream.isFull && health.admits(now);
}

function pick(strategy: 'weighted' | 'latency' | 'first', from: readonly RouteTarget[], { now, random }: Choice): RouteTarget | undefined {
  if (strategy === 'first' || from.length === 1) return from[0];
  if (strategy === 'weighted') return byWeight(from, random);
  // Two at random and the better of them. Why not the best of all: everybody would go there at once.
  const first = Math.floor(random() * from.length);
  const second = (first + 1 + Math.floor(random() * (from.length - 1))) % from.length;
  const [a, b] = [from[first]!, from[second]!];
  return costOf(a, now) <= costOf(b, now) ? a : b;
}

function costOf({ health, weight }: RouteTarget, now: number): number {
  return health.cost(now) / Math.max(weight, 1);
}

function byWeight(from: readonly RouteTarget[], random: () => number): RouteTarget | undefined {
  let total = 0;
  for (const { weight } of from) total += weight;
  if (total === 0) return from[Math.floor(random() * from.length)];
  let left = random() * total;
  for (const target of from) {
    left -= target.weight;
    if (left < 0) return target;
  }
  return from.at(-1);
}

/**
 * Leaves a target out for a while that fails much more often than its peers. Why at most half of them: when most fail, it is not the
 * targets.
 */
export function ejectOutlier(
  route: Route,
  failed: RouteTarget,
  now: number,
  rules: { readonly minRequests: number; readonly outlierFactor: number },
): void {
  const { targets } = route;
  if (targets.length < 2 || failed.health.isEjected(now)) return;
  const own = failed.health.recent(now);
  if (own.requests < rules.minRequests) return;
  const peers = { requests: 0, failures: 0 };
  let isEjected = 0;
  for (const { health } of targets) {
    if (health === failed.health) continue;
    if (health.isEjected(now) || health.state(now) === 'open') isEjected++;
    const { requests, failures } = health.recent(now);
    peers.requests += requests;
    peers.failures += failures;
  }
  if (peers.requests < rules.minRequests || (isEjected + 1) * 2 > targets.length) return;
  // Why at least a tenth: four times next to nothing is nothing.
  const expected = Math.max(0.1, (peers.failures / peers.requests) * rules.outlierFactor);
  if (own.failures / own.requests >= expected) failed.health.eject(now);
}
