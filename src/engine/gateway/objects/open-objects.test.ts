import { afterEach, beforeEach, expect, test } from 'vitest';
import { SILENT } from '../../../core/logger.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import type { KeptObject, Objects } from './objects.ts';
import { openObjects } from './open-objects.ts';

let store: Store;
let objects: Objects;
let at = 1_000;

beforeEach(async () => {
  store = await openStore({ database: ':memory:' });
  objects = openObjects({ store, log: SILENT });
});
afterEach(async () => {
  await objects.close();
  await store.close();
});

function object(id: string, principal: string, more: Partial<KeptObject> = {}): KeptObject {
  return { kind: 'file', id, upstream: 'u', principal, model: 'm', purpose: '', detail: { a: 1 }, madeAt: at++, ...more };
}

test('an object is found by who made it, and by nobody else, at once and later', async () => {
  const mine = object('resp_1', 'ann', { kind: 'response' });
  objects.note([mine]);
  expect(await objects.find('ann', 'response', 'resp_1')).toEqual(mine);
  expect(await objects.find('eve', 'response', 'resp_1')).toBeUndefined();
  expect(await objects.find('ann', 'file', 'resp_1')).toBeUndefined();
  await objects.close();
  const other = openObjects({ store, log: SILENT });
  expect(await other.find('ann', 'response', 'resp_1')).toEqual(mine);
  await other.forget('response', 'resp_1');
  expect(await other.find('ann', 'response', 'resp_1')).toBeUndefined();
  await other.close();
});

test('who made an id first keeps it', async () => {
  expect(await objects.keep(object('file-1', 'ann'))).toBe(true);
  expect(await objects.keep(object('file-1', 'eve'))).toBe(false);
  objects.note([object('file-1', 'eve')]);
  await new Promise((settled) => setTimeout(settled, 60));
  expect((await objects.find('ann', 'file', 'file-1'))?.principal).toBe('ann');
  expect(await objects.find('eve', 'file', 'file-1')).toBeUndefined();
});

test('an object that another process writes in a moment is waited for', async () => {
  const other = openObjects({ store, log: SILENT });
  const found = objects.find('ann', 'response', 'resp_2');
  other.note([object('resp_2', 'ann', { kind: 'response' })]);
  expect((await found)?.id).toBe('resp_2');
  await other.close();
});

test('lists hold what is one’s own, page by page', async () => {
  for (const id of ['a', 'b', 'c', 'd']) await objects.keep(object(id, 'ann', { madeAt: id < 'c' ? 1 : 2 }));
  await objects.keep(object('e', 'eve'));
  const page = async (more: object) =>
    (await objects.list({ kind: 'file', principal: 'ann', order: 'desc', limit: 3, ...more })).map(({ id }) => id);
  expect(await page({})).toEqual(['d', 'c', 'b']);
  expect(await page({ after: 'b' })).toEqual(['a']);
  expect(await page({ order: 'asc', after: 'a' })).toEqual(['b', 'c', 'd']);
  expect(await page({ after: 'e' })).toEqual([]);
  expect(await page({ purpose: 'batch' })).toEqual([]);
});

test.each(['../x', '', 'a/b', 'a%2fb', 'x'.repeat(129), '-a', 'a b', 'ä'])('%j is no id', async (id) => {
  objects.note([object(id, 'ann')]);
  expect(await objects.find('ann', 'file', id)).toBeUndefined();
  await expect(objects.keep(object(id, 'ann'))).rejects.toMatchObject({ code: 'upstream.failed' });
});

test('what is known of an object only later is added by who made it, and by nobody else', async () => {
  const begun = object('resp_2', 'ann', { kind: 'response', detail: null });
  objects.note([begun]);
  await new Promise((settled) => setTimeout(settled, 60));
  objects.note([{ ...begun, principal: 'eve', detail: { tokens: 1 } }]);
  await new Promise((settled) => setTimeout(settled, 60));
  expect((await objects.find('ann', 'response', 'resp_2'))?.detail).toBeNull();
  objects.note([{ ...begun, detail: { tokens: 5 } }]);
  expect((await objects.find('ann', 'response', 'resp_2'))?.detail).toEqual({ tokens: 5 });
  await new Promise((settled) => setTimeout(settled, 60));
  objects.note([{ ...begun, detail: { tokens: 7 } }]);
  await new Promise((settled) => setTimeout(settled, 60));
  expect((await objects.find('ann', 'response', 'resp_2'))?.detail).toEqual({ tokens: 5 });
});
