import { afterEach, beforeEach, expect, test } from 'vitest';
import { UnauthenticatedConfig } from '../../../core/gateway-unauthenticated-config.ts';
import { SILENT } from '../../../core/logger.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import { openUnauthenticated, type Unauthenticated } from './unauthenticated.ts';

let store: Store;
let all: Unauthenticated;
let at = 1_000_000;

function open(config: object = {}): Unauthenticated {
  return openUnauthenticated({ config: UnauthenticatedConfig.parse(config), store, log: SILENT, now: () => at });
}

beforeEach(async () => {
  store = await openStore({ database: ':memory:' });
});
afterEach(async () => {
  await all.close();
  await store.close();
});

/** A request that is turned away: whether it was too many, and whether it left a record. */
function turnedAway(address: string): [boolean, boolean] {
  return [all.count(address) !== undefined, all.isRecorded(address)];
}

async function entries(): Promise<readonly unknown[]> {
  await all.close();
  const rows = await store.db.selectFrom('ledger').select('body').where('kind', '=', 'gateway.unauthenticated').execute();
  return rows.map(({ body }) => JSON.parse(body) as unknown);
}

test('an address may send so many, and is told when it may again', () => {
  all = open({ requestsPerMinute: 3 });
  expect([1, 2, 3, 4].map(() => turnedAway('192.0.2.1'))).toEqual([
    [false, true],
    [false, true],
    [false, true],
    [true, false],
  ]);
  expect(turnedAway('192.0.2.2')).toEqual([false, true]);
  const wait = all.count('192.0.2.1')!;
  expect(wait).toBeGreaterThan(0);
  at += (wait + 1) * 1_000;
  expect(turnedAway('192.0.2.1')[0]).toBe(false);
});

test('whoever has a network of IPv6 addresses has one limit, and IPv4 in IPv6 is IPv4', () => {
  all = open({ requestsPerMinute: 2 });
  const six = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3'].map((address) => turnedAway(address)[0]);
  expect(six).toEqual([false, false, true]);
  const four = ['::ffff:192.0.2.9', '192.0.2.9', '192.0.2.9'].map((address) => turnedAway(address)[0]);
  expect(four).toEqual([false, false, true]);
});

test('a flood from many addresses leaves so many records, and one entry for the rest', async () => {
  all = open({ recordsPerMinute: 10, maxAddresses: 100 });
  let recorded = 0;
  for (let count = 0; count < 5_000; count++) if (turnedAway(`10.0.${count >> 8}.${count & 255}`)[1]) recorded++;
  for (let count = 0; count < 70; count++) if (turnedAway('192.0.2.1')[1]) recorded++;
  expect(recorded).toBe(10);
  const found = (await entries()) as { requests: number; addresses: object[] }[];
  expect(found.map(({ requests, addresses }) => [requests, addresses.length])).toEqual([[5_060, 20]]);
});

test('what cannot be written down yet is not lost', async () => {
  all = open({ recordsPerMinute: 0 });
  for (let count = 0; count < 3; count++) turnedAway('192.0.2.1');
  const { transaction } = store;
  let fails = true;
  (store as { transaction: unknown }).transaction = (work: never) =>
    fails ? Promise.reject(new Error('away')) : transaction.call(store, work);
  await all.close();
  fails = false;
  turnedAway('192.0.2.2');
  expect(await entries()).toMatchObject([
    {
      requests: 4,
      addresses: [
        { ip: '192.0.2.1', requests: 3 },
        { ip: '192.0.2.2', requests: 1 },
      ],
    },
  ]);
});

test('another configuration counts at once', () => {
  all = open({ requestsPerMinute: 1 });
  turnedAway('192.0.2.1');
  expect(turnedAway('192.0.2.1')[0]).toBe(true);
  all.reconfigure(UnauthenticatedConfig.parse({ requestsPerMinute: 100 }));
  expect(turnedAway('192.0.2.1')[0]).toBe(false);
});
