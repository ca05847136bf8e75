import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { afterChanges } from './after-changes.ts';
import { cutRevoked } from './cut-revoked.ts';
import type { Exchange } from './exchange.ts';

const caller = { principal: { id: 'ann' } };

/** Streams under way, and what is known of whoever opened them. */
function streams(count: number, who: () => Promise<unknown>, startedAt = 0) {
  const cut: number[] = [];
  const services = { callers: { identify: who, may: () => true } };
  const request = { headers: {}, socket: {}, rawHeaders: [] };
  const all = Array.from({ length: count }, (_, index) => {
    return { services, request, caller, route: {}, startedAt, cut: () => void cut.push(index) } as unknown as Exchange;
  });
  return { all, cut };
}

test('each of very many is looked up, only some at a time', async () => {
  let [running, most] = [0, 0];
  const { all, cut } = streams(300, async () => {
    most = Math.max(most, ++running);
    await sleep(1);
    running--;
    return undefined;
  });
  expect(await cutRevoked(all, 5_000, 5_000)).toBe(true);
  expect([cut.length, most]).toEqual([300, 64]);
});

test('it is not over while somebody cannot be asked, or something that began before does not last yet', async () => {
  const busy = streams(3, () => Promise.reject(new Error('busy')));
  expect([await cutRevoked(busy.all, 5_000, 5_000), busy.cut]).toEqual([false, []]);
  const young = streams(1, async () => undefined, 4_900);
  expect([await cutRevoked(young.all, 5_000, 5_000), young.cut]).toEqual([false, []]);
  expect([await cutRevoked(young.all, 5_900, 5_000), young.cut]).toEqual([true, [0]]);
  const later = streams(1, async () => undefined, 5_001);
  expect([await cutRevoked(later.all, 5_002, 5_000), later.cut]).toEqual([true, []]);
  const stays = streams(2, async () => caller);
  expect([await cutRevoked(stays.all, 5_000, 5_000), stays.cut]).toEqual([true, []]);
});

test('what is not over is looked at again, and many changes at once only once', async () => {
  const answers = [false, false, true];
  let looks = 0;
  const looking = afterChanges(async () => answers[looks++] ?? true, 5);
  for (let change = 0; change < 10; change++) looking.changed();
  await expect.poll(() => looks).toBe(3);
  await sleep(30);
  expect(looks).toBe(3);
  looking.changed();
  await expect.poll(() => looks).toBe(4);
  looking.close();
});
