import { stat } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { SILENT } from '../../../core/logger.ts';
import { LeaseClient } from './lease-client.ts';
import type { LeaseStore } from './lease-store.ts';
import { LeasedSlots } from './leased-slots.ts';
import type { LimitsEvent } from './limits.ts';
import { MemoryLeaseStore } from './memory-lease-store.ts';

const clients: LeaseClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

/** One process of several, and its places of ten. */
function open(holder: string, store: LeaseStore, events: LimitsEvent[] = []): { client: LeaseClient; slots: LeasedSlots } {
  const client = new LeaseClient({
    store,
    kind: 'redis',
    holder,
    timeoutMs: 50,
    tickMs: 50,
    replicas: undefined,
    heartbeat: true,
    lost: { shareSeconds: 300, afterwards: 'refuse' },
    now: Date.now,
    log: SILENT,
    onEvent: (event) => events.push(event),
  });
  clients.push(client);
  const slots = new LeasedSlots('pool', `${holder}.1`, 10, client);
  client.add(slots);
  return { client, slots };
}

/** Answers when it is asked to. */
function delayed(store: LeaseStore, wait: () => Promise<unknown>): LeaseStore {
  return {
    exchange: async (holder, asks) => {
      const answer = await store.exchange(holder, asks);
      await wait();
      return answer;
    },
    spending: () => store.spending(),
    close: async () => undefined,
  };
}

test('an answer that was here in time counts, also where the process had no time to read it', async () => {
  const events: LimitsEvent[] = [];
  const arrived = (): Promise<void> => new Promise((resolve) => void stat('/', () => resolve()));
  const { client } = open('a', delayed(new MemoryLeaseStore(), arrived), events);
  const greeted = client.greet();
  // Why two turns: the question is sent in the next one.
  await Promise.resolve();
  const began = performance.now();
  while (performance.now() - began < 120);
  await greeted;
  expect(client.state).toBe('connected');
  expect(events).toEqual([]);
});

test('a late answer ends the time without the store, and the places that it grants are not kept from others', async () => {
  const events: LimitsEvent[] = [];
  const shared = new MemoryLeaseStore();
  let waitMs = 0;
  const slow = open(
    'a',
    delayed(shared, () => pause(waitMs)),
    events,
  );
  await slow.client.greet();
  waitMs = 150;
  await slow.client.wait(slow.slots, 8);
  expect(slow.client.state).toBe('lost');
  waitMs = 0;
  await expect.poll(() => slow.client.state, { timeout: 1_000, interval: 10 }).toBe('connected');
  expect(events.map(({ kind }) => kind)).toEqual(['store-lost', 'store-back']);
  const other = open('b', shared);
  await expect
    .poll(() => other.client.wait(other.slots, 10).then(() => other.slots.check(10, Date.now())), { timeout: 2_000, interval: 50 })
    .toBe(0);
});
