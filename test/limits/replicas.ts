import { vi } from 'vitest';
import { SILENT } from '../../src/core/logger.ts';
import { admitCall, type Desk } from '../../src/engine/gateway/limits/admission.ts';
import { Counter } from '../../src/engine/gateway/limits/counter.ts';
import { LeaseClient } from '../../src/engine/gateway/limits/lease-client.ts';
import type { Ask, Exchange, LeaseStore } from '../../src/engine/gateway/limits/lease-store.ts';
import { LeasedSlots } from '../../src/engine/gateway/limits/leased-slots.ts';
import { LeasedWindow } from '../../src/engine/gateway/limits/leased-window.ts';
import type { LimitsEvent } from '../../src/engine/gateway/limits/limits.ts';
import { MemoryLeaseStore } from '../../src/engine/gateway/limits/memory-lease-store.ts';
import { call, PRICE } from './callers.ts';
import { randomNumbers } from './random.ts';

/** How processes share a limit, who asks for how much of it, and how the store behaves. */
export interface Scene {
  readonly seed: number;
  readonly limit: number;
  readonly windowMs: number;
  /** Share of the calls that come to each process. */
  readonly weights: readonly number[];
  /** Calls all together, and in how many milliseconds they come. */
  readonly calls: number;
  readonly spreadMs: number;
  /** Of a hundred exchanges, so many are answered after the time that is waited for them. */
  readonly latePercent: number;
  readonly timeoutMs: number;
}

/** When calls were admitted, in milliseconds since the beginning, and what the processes had to say. */
export interface Outcome {
  readonly admittedAt: readonly number[];
  readonly events: readonly LimitsEvent[];
}

const ASKED = { inputTokens: 1, maxOutputTokens: 1, price: PRICE };
const STEP_MS = 5;

/** A store that answers after a while; some answers come when nobody waits for them any more. */
function slowStore(store: LeaseStore, { timeoutMs, latePercent }: Scene, random: (below: number) => number): LeaseStore {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    exchange: async (holder: string, asks: readonly Ask[]): Promise<Exchange> => {
      const isLate = random(100) < latePercent;
      await wait(random(isLate ? 3 * timeoutMs : Math.min(20, timeoutMs / 2)));
      const answer = await store.exchange(holder, asks);
      await wait(isLate ? timeoutMs + random(1_000) : random(Math.min(20, timeoutMs / 2)));
      return answer;
    },
    spending: () => store.spending(),
    close: async () => undefined,
  };
}

/** Plays it, with a clock of its own: the same scene has the same outcome. */
export async function playReplicas(scene: Scene): Promise<Outcome> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'Date'] });
  vi.setSystemTime(1_800_000_000_000 + scene.seed * 17);
  try {
    const random = randomNumbers(scene.seed);
    const shared = new MemoryLeaseStore();
    const events: LimitsEvent[] = [];
    const desk: Desk = { now: Date.now, unpriced: 'free', waitMs: 1_000, onEvent: (event) => events.push(event) };
    const replicas = scene.weights.map((_, index) => openReplica(scene, index, slowStore(shared, scene, random), events));
    // Why: how many they are is known once all have been heard of.
    await vi.advanceTimersByTimeAsync(6_000);
    const began = Date.now();
    const admittedAt: number[] = [];
    const sum = scene.weights.reduce((total, weight) => total + weight, 0);
    const owed = scene.weights.map(() => 0);
    for (let at = 0; at < scene.spreadMs; at += STEP_MS) {
      for (const [index, weight] of scene.weights.entries()) {
        owed[index] = (owed[index] ?? 0) + ((scene.calls * weight) / sum) * (STEP_MS / scene.spreadMs);
        for (; (owed[index] ?? 0) >= 1; owed[index] = (owed[index] ?? 0) - 1) {
          const step = { rule: 'r', dryRun: false, counter: replicas[index]!.counter };
          void Promise.resolve(admitCall(desk, call(), ASKED, [step])).then(({ ok }) => ok && admittedAt.push(Date.now() - began));
        }
      }
      await vi.advanceTimersByTimeAsync(STEP_MS);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    const closing = Promise.all(replicas.map(({ client }) => client.close()));
    await vi.advanceTimersByTimeAsync(5_000);
    await closing;
    return { admittedAt, events };
  } finally {
    vi.useRealTimers();
  }
}

function openReplica({ limit, windowMs, timeoutMs }: Scene, index: number, store: LeaseStore, events: LimitsEvent[]) {
  const client = new LeaseClient({
    store,
    kind: 'redis',
    holder: `p${index}`,
    timeoutMs,
    tickMs: 200,
    replicas: undefined,
    heartbeat: true,
    lost: { shareSeconds: 300, afterwards: 'refuse' },
    now: Date.now,
    log: SILENT,
    onEvent: (event) => events.push(event),
  });
  const isSlots = windowMs === 0;
  const meter = isSlots
    ? new LeasedSlots('pool', `p${index}.1`, limit, client)
    : new LeasedWindow('requests', 'pool', limit, windowMs, client);
  client.add(meter);
  const measure = { kind: isSlots ? 'concurrency' : 'requests', name: 'pool', limit, windowMs } as never;
  const counter = new Counter({ client, make: () => ({ meter, endsAt: null }) }, measure, '', Date.now());
  return { client, counter };
}

/** Most calls admitted within any time of that length. */
export function mostWithin(admittedAt: readonly number[], windowMs: number): number {
  const sorted = admittedAt.toSorted((a, b) => a - b);
  let [from, most] = [0, 0];
  for (const [index, at] of sorted.entries()) {
    while ((sorted[from] ?? at) <= at - windowMs) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
