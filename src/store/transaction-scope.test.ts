import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { refuseOutsideStatement, withinTransaction } from './transaction-scope.ts';

test('knows what belongs to a transaction that is under way, whichever others end meanwhile', async () => {
  const first = withinTransaction(async () => {
    await sleep(20);
    expect(refuseOutsideStatement).toThrow('inside a transaction');
  });
  await withinTransaction(() => sleep(5));
  expect(refuseOutsideStatement).not.toThrow();
  await first;
  await withinTransaction(async () => {
    await sleep(1);
    expect(refuseOutsideStatement).toThrow('inside a transaction');
  });
  await expect(withinTransaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

/** What Node writes on promises that hooks follow. */
const marks = (): number => Object.getOwnPropertySymbols(Promise.resolve()).length;

test('outside of transactions no hook follows promises, because every request would pay for it', async () => {
  const before = marks();
  await withinTransaction(() => sleep(1));
  expect(marks()).toBe(before);
});
