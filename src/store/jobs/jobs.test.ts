import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASES, type Database } from '../../../test/store/databases.ts';
import type { Store } from '../open-store.ts';
import { claimJob, completeJob, enqueue, failJob, heartbeat, pruneJobs, reviveJob } from './queue.ts';
import { startRunner } from './runner.ts';

describe.each(DATABASES)('$name', ({ create }) => {
  let database: Database;
  let store: Store;
  beforeEach(async () => {
    database = await create();
    store = await database.open();
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  const claim = (now?: number) => claimJob(store, { kinds: ['scan'], leaseMs: 1000, ...(now === undefined ? {} : { now }) });
  const states = async () =>
    (await store.db.selectFrom('job').select(['state', 'attempts', 'error']).orderBy('id').execute()).map(Object.values);

  test('a job goes to one worker, oldest first, and not before its time', async () => {
    const now = Date.now();
    await enqueue(store.db, { kind: 'scan', payload: { a: 1 } });
    await enqueue(store.db, { kind: 'scan', payload: 'later', runAt: now + 60_000 });
    await enqueue(store.db, { kind: 'other', payload: null });
    const job = await claim();
    expect(job).toMatchObject({ kind: 'scan', payload: { a: 1 }, attempts: 1 });
    expect(await claim()).toBeUndefined();
    expect(await claim(now + 60_000)).toMatchObject({ payload: 'later' });
  });

  test('the same key is the same job, also when it is done; pruning frees the key', async () => {
    const id = await enqueue(store.db, { kind: 'scan', key: 'k', payload: 1 });
    expect(await enqueue(store.db, { kind: 'scan', key: 'k', payload: 2 })).toBe(id);
    const job = await claim();
    expect(await completeJob(store.db, job as never)).toBe(true);
    expect(await enqueue(store.db, { kind: 'scan', key: 'k', payload: 3 })).toBe(id);
    expect(await claim()).toBeUndefined();
    expect(await pruneJobs(store.db, Date.now() + 1)).toBe(1);
    expect(await enqueue(store.db, { kind: 'scan', key: 'k', payload: 4 })).not.toBe(id);
  });

  test('a job of a silent worker goes to another, and the first can no longer settle it', async () => {
    const now = Date.now();
    await enqueue(store.db, { kind: 'scan', payload: 1 });
    const first = await claim(now + 10);
    expect(await claim(now + 1009)).toBeUndefined();
    expect(await heartbeat(store, first as never, 1000, now + 500)).toBe(true);
    expect(await claim(now + 1400)).toBeUndefined();
    const second = await claim(now + 1600);
    expect(second).toMatchObject({ id: first?.id, attempts: 2 });
    expect(await completeJob(store.db, first as never)).toBe(false);
    expect(await heartbeat(store, first as never, 1000)).toBe(false);
    expect(await failJob(store.db, first as never, 'x', undefined)).toBe(false);
    expect(await completeJob(store.db, second as never)).toBe(true);
  });

  test('a job that fails waits, then is dead; it can be revived', async () => {
    const id = await enqueue(store.db, { kind: 'scan', payload: 1 });
    const now = Date.now();
    await failJob(store.db, (await claim(now + 10)) as never, 'first', now + 100);
    expect(await claim(now + 50)).toBeUndefined();
    await failJob(store.db, (await claim(now + 100)) as never, 'x'.repeat(5000), undefined);
    expect(await states()).toEqual([['dead', 2, 'x'.repeat(2000)]]);
    expect(await claim(now + 10_000)).toBeUndefined();
    expect(await reviveJob(store.db, id)).toBe(true);
    expect(await claim(Date.now() + 1)).toMatchObject({ attempts: 1 });
  });

  test('jobs are added with what makes them necessary, or not at all', async () => {
    const work = store.transaction(async (tx) => {
      await enqueue(tx, { kind: 'scan', payload: 1 });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow();
    expect(await states()).toEqual([]);
  });

  test('two runners do every job exactly once', async () => {
    const other = await database.open();
    for (let n = 0; n < 40; n++) await enqueue(store.db, { kind: 'scan', payload: n });
    const done: number[] = [];
    const handlers = { scan: { run: async (job: { payload: unknown }) => void done.push(job.payload as number) } };
    const runners = [startRunner(store, handlers, { concurrency: 3, pollMs: 5 }), startRunner(other, handlers, { pollMs: 5 })];
    while (done.length < 40) await sleep(5);
    await Promise.all(runners.map((runner) => runner.drain()));
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect((await states()).every(([state]) => state === 'done')).toBe(true);
    await other.close();
  });

  test('the runner tries again, gives up, and does not run what kills every worker', async () => {
    let tries = 0;
    await enqueue(store.db, { kind: 'flaky', payload: 1 });
    await enqueue(store.db, { kind: 'hopeless', payload: 1 });
    await enqueue(store.db, { kind: 'deadly', payload: 1 });
    await store.db.updateTable('job').set({ state: 'running', attempts: 5, lease_until: 0 }).where('kind', '=', 'deadly').execute();
    let ran = false;
    const errors: unknown[] = [];
    const runner = startRunner(
      store,
      {
        flaky: {
          run: async () => {
            if (++tries < 3) throw new Error('not yet');
          },
        },
        hopeless: { attempts: 2, run: () => Promise.reject(new Error('never')) },
        deadly: { run: async () => void (ran = true) },
      },
      { pollMs: 5, backoffMs: 5, onError: (error) => errors.push(error) },
    );
    while ((await states()).some(([state]) => state === 'ready' || state === 'running')) await sleep(5);
    await runner.drain();
    expect(await states()).toEqual([
      ['done', 3, null],
      ['dead', 2, 'never'],
      ['dead', 6, 'its worker died every time'],
    ]);
    expect([ran, errors.length]).toEqual([false, 4]);
  });

  test('draining waits for what runs, then tells it to stop', async () => {
    await enqueue(store.db, { kind: 'scan', payload: 'slow' });
    let started = false;
    let aborted = false;
    const runner = startRunner(
      store,
      {
        scan: {
          run: async (_, signal) => {
            started = true;
            await sleep(60_000, undefined, { signal }).catch(() => (aborted = true));
            throw new Error('stopped');
          },
        },
      },
      { pollMs: 60_000 },
    );
    runner.wake();
    while (!started) await sleep(5);
    await runner.drain(20);
    expect(aborted).toBe(true);
    expect(await states()).toEqual([['ready', 1, 'stopped']]);
  });
});
