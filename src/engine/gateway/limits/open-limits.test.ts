import { afterEach, describe, expect, test } from 'vitest';
import { call, caller, limitsConfig, PRICE, usage } from '../../../../test/limits/callers.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import type { Admission, Admitted, Asked, Limits, LimitsEvent, Refused } from './limits.ts';
import { openLimits } from './open-limits.ts';

const ASKED: Asked = { inputTokens: 10, maxOutputTokens: 20, price: PRICE };
let close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of close.toReversed()) await end();
  close = [];
});

interface Opened {
  readonly limits: Limits;
  readonly clock: { now: number };
  readonly events: LimitsEvent[];
  readonly store: Store;
}

async function open(rules: readonly object[], more: object = {}, on?: Store): Promise<Opened> {
  const store = on ?? (await openStore({ database: ':memory:' }));
  if (on === undefined) close.push(() => store.close());
  const clock = { now: Date.parse('2026-03-04T05:06:07Z') };
  const events: LimitsEvent[] = [];
  const limits = await openLimits({
    config: limitsConfig(rules, more),
    store,
    now: () => clock.now,
    onEvent: (event) => events.push(event),
  });
  close.push(() => limits.close());
  return { limits, clock, events, store };
}

function now(answer: Admission | Promise<Admission>): Admission {
  if (answer instanceof Promise) throw new Error('it should have answered at once');
  return answer;
}
function admitted(answer: Admission): Admitted {
  if (!answer.ok) throw new Error(`refused: ${answer.message}`);
  return answer;
}
function refused(answer: Admission): Refused {
  if (answer.ok) throw new Error('it should have been refused');
  return answer;
}

describe('rates', () => {
  test('so many requests for each key, again after the window, whatever became of them', async () => {
    const { limits, clock } = await open([{ id: 'calls', per: 'key', requests: { count: 2, per: 'minute' } }]);
    admitted(now(limits.admit(call(), ASKED))).settle(usage(1, 1));
    admitted(now(limits.admit(call(), ASKED))).release();
    const no = refused(now(limits.admit(call(), ASKED)));
    expect(no).toMatchObject({ rule: 'calls', kind: 'requests', message: 'the limit "calls" of requests is reached' });
    expect(no.headers['retry-after']).toBe(String(no.retryAfterSeconds));
    expect(no.retryAfterSeconds).toBeGreaterThan(59);
    expect(now(limits.admit(call({ caller: caller({ key: 'key-2' }) }), ASKED)).ok).toBe(true);
    clock.now += no.retryAfterSeconds * 1_000;
    expect(now(limits.admit(call(), ASKED)).ok).toBe(true);
  });

  test('tokens are reserved at their most and settled with what was used; settling twice counts once', async () => {
    const { limits } = await open([{ id: 'tokens', tokens: { count: 100, per: 'minute' } }]);
    const first = admitted(now(limits.admit(call(), { ...ASKED, inputTokens: 40, maxOutputTokens: 50 })));
    expect(refused(now(limits.admit(call(), ASKED)))).toMatchObject({ kind: 'tokens' });
    first.settle(usage(40, 5));
    first.settle(usage(40, 50));
    first.release();
    const second = admitted(now(limits.admit(call(), { ...ASKED, inputTokens: 55, maxOutputTokens: 0 })));
    expect(second.headers).toMatchObject({ 'x-ratelimit-limit-tokens': '100', 'x-ratelimit-remaining-tokens': '0' });
    expect(refused(now(limits.admit(call(), { ...ASKED, inputTokens: 101 }))).message).toContain('more than the limit');
  });

  test('a call that reached no model gives back its tokens', async () => {
    const { limits } = await open([{ id: 'tokens', tokens: { count: 30, per: 'minute' } }]);
    admitted(now(limits.admit(call(), ASKED))).release();
    admitted(now(limits.admit(call(), ASKED))).release();
    expect(now(limits.admit(call(), ASKED)).ok).toBe(true);
    expect(now(limits.admit(call(), ASKED)).ok).toBe(false);
  });

  test('a surplus over the reserve counts and is told', async () => {
    const { limits, events } = await open([{ id: 'tokens', tokens: { count: 100, per: 'minute' } }]);
    admitted(now(limits.admit(call(), ASKED))).settle(usage(60, 30));
    expect(events).toEqual([{ kind: 'beyond-reserve', rule: 'tokens', limit: 'tokens', by: 60 }]);
    expect(now(limits.admit(call(), ASKED)).ok).toBe(false);
  });

  test('nothing is taken of one limit when another refuses', async () => {
    const { limits } = await open([
      { id: 'calls', requests: { count: 2, per: 'minute' } },
      { id: 'tokens', tokens: { count: 30, per: 'minute' } },
    ]);
    expect(now(limits.admit(call(), { ...ASKED, inputTokens: 31 })).ok).toBe(false);
    expect(now(limits.admit(call(), { ...ASKED, inputTokens: 31 })).ok).toBe(false);
    expect(now(limits.admit(call(), ASKED)).ok).toBe(true);
  });

  test('long windows survive a restart', async () => {
    const rule = { id: 'calls', requests: { count: 3, per: 'day' } };
    const first = await open([rule]);
    admitted(await first.limits.admit(call(), ASKED)).settle(usage(1, 1));
    admitted(await first.limits.admit(call(), ASKED)).settle(usage(1, 1));
    await first.limits.close();
    const { limits } = await open([rule], {}, first.store);
    expect((await limits.admit(call(), ASKED)).ok).toBe(true);
    expect((await limits.admit(call(), ASKED)).ok).toBe(false);
  });
});

describe('calls at the same time', () => {
  test('a place is free again when the call ended, either way', async () => {
    const { limits } = await open([{ id: 'open', per: 'principal', concurrency: 1 }]);
    const first = admitted(now(limits.admit(call(), ASKED)));
    expect(refused(now(limits.admit(call(), ASKED)))).toMatchObject({ kind: 'concurrency', retryAfterSeconds: 1 });
    first.settle(usage(1, 1));
    const second = admitted(now(limits.admit(call(), ASKED)));
    second.release();
    second.release();
    admitted(now(limits.admit(call(), ASKED)));
    expect(now(limits.admit(call(), ASKED)).ok).toBe(false);
  });
});

describe('budgets', () => {
  const rule = { id: 'money', per: 'team', budget: { usd: 0.0001, per: 'day' } };
  const member = call({ caller: caller({ teams: ['red'] }) });

  test('the worst case is reserved, the cost is settled, the next day begins anew', async () => {
    const { limits, clock } = await open([rule]);
    const first = admitted(await limits.admit(member, ASKED));
    const second = admitted(await limits.admit(member, ASKED));
    expect(refused(await limits.admit(member, ASKED))).toMatchObject({ kind: 'budget', rule: 'money' });
    first.settle(usage(10, 0));
    second.settle(usage(10, 20));
    admitted(await limits.admit(member, { ...ASKED, maxOutputTokens: 15 })).settle(usage(10, 15));
    expect(refused(await limits.admit(member, { ...ASKED, maxOutputTokens: 15 })).retryAfterSeconds).toBeGreaterThan(3_600);
    clock.now = Date.parse('2026-03-05T00:00:00Z');
    expect((await limits.admit(member, ASKED)).ok).toBe(true);
  });

  test('a restart forgets nothing; a process that ended by force leaves what it held charged', async () => {
    const first = await open([rule]);
    admitted(await first.limits.admit(member, ASKED)).settle(usage(10, 20));
    await first.limits.close();
    const second = await open([rule], {}, first.store);
    admitted(await second.limits.admit(member, ASKED));
    // No close: killed. What it reserved may have been spent.
    const third = await open([rule], {}, first.store);
    expect((await third.limits.admit(member, ASKED)).ok).toBe(false);
    expect(await third.limits.spending()).toEqual([{ rule: 'money', subject: 'red', period: '2026-03-04', spent: 50, held: 50 }]);
  });

  test('without a price the call is refused, or free where the configuration says so; a call without a model costs nothing', async () => {
    const strict = await open([rule]);
    const unpriced = { ...ASKED, price: undefined };
    expect(refused(now(strict.limits.admit(member, unpriced)))).toMatchObject({
      kind: 'budget',
      message: expect.stringContaining('no price') as string,
    });
    expect(now(strict.limits.admit({ ...member, model: '' }, unpriced)).ok).toBe(true);
    expect(now(strict.limits.admit(call(), unpriced)).ok).toBe(true);
    const free = await open([rule], { unpriced: 'free' });
    expect(now(free.limits.admit(member, unpriced)).ok).toBe(true);
  });

  test('another model that answers is charged by its own price', async () => {
    const { limits } = await open([rule]);
    admitted(await limits.admit(member, ASKED)).settle(usage(10, 20), { ...PRICE, input: 0, output: 0 });
    admitted(await limits.admit(member, { ...ASKED, maxOutputTokens: 45 }));
  });
});

describe('rules', () => {
  test('match keys, principals, teams, addresses, models and routes', async () => {
    const one = { requests: { count: 1, per: 'minute' } };
    const { limits } = await open([
      { id: 'a', match: { keys: ['key-*'], models: ['gpt-*'] }, per: 'model', ...one },
      { id: 'b', match: { ips: ['198.51.100.0/24'] }, ...one },
      { id: 'c', match: { teams: ['blue'], routes: ['/v1/embeddings'] }, ...one },
      { id: 'd', match: { principals: ['bob'] }, ...one },
    ]);
    const free = { key: null };
    const refusedBy = (parts: Parameters<typeof call>[0]): string | undefined => {
      limits.admit(call(parts), ASKED);
      const answer = now(limits.admit(call(parts), ASKED));
      return answer.ok ? undefined : answer.rule;
    };
    expect(refusedBy({})).toBe('a');
    expect(refusedBy({ model: 'gpt-5-mini' })).toBe('a');
    expect(refusedBy({ model: 'claude' })).toBeUndefined();
    expect(refusedBy({ caller: caller(free) })).toBeUndefined();
    expect(refusedBy({ caller: caller({ ...free, ip: '198.51.100.77' }) })).toBe('b');
    expect(refusedBy({ caller: caller({ ...free, teams: ['blue'] }) })).toBeUndefined();
    expect(refusedBy({ caller: caller({ ...free, teams: ['red', 'blue'] }), route: '/v1/embeddings' })).toBe('c');
    expect(refusedBy({ caller: caller({ ...free, name: 'bob' }) })).toBe('d');
  });

  test('limits of a key are counted beside those of the configuration', async () => {
    const { limits } = await open([{ id: 'all', requests: { count: 3, per: 'minute' } }]);
    const own = call({ caller: caller({ limits: { requests: { count: 1, per: 'minute' } } }) });
    expect(now(limits.admit(own, ASKED)).ok).toBe(true);
    expect(refused(now(limits.admit(own, ASKED)))).toMatchObject({ rule: '@key', message: 'the limit of the key of requests is reached' });
    expect(now(limits.admit(call({ caller: caller({ key: 'key-9' }) }), ASKED)).ok).toBe(true);
    expect(now(limits.admit(call({ caller: caller({ key: 'key-9' }) }), ASKED)).ok).toBe(true);
    expect(refused(now(limits.admit(call({ caller: caller({ key: 'key-9' }) }), ASKED))).rule).toBe('all');
  });

  test('a session is the principal’s own; addresses of one customer count together', async () => {
    const { limits } = await open([
      { id: 'sessions', match: { models: ['chat'] }, per: 'session', requests: { count: 1, per: 'minute' } },
      { id: 'addresses', match: { models: ['other'] }, per: 'ip', requests: { count: 1, per: 'minute' } },
    ]);
    const chat = (name: string, session?: string): boolean =>
      now(limits.admit(call({ caller: caller({ name }), model: 'chat' }), { ...ASKED, session })).ok;
    expect([chat('ann', 's'), chat('ann', 's'), chat('ann', 't'), chat('bob', 's'), chat('ann'), chat('ann')]).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
    const from = (ip: string): boolean => now(limits.admit(call({ caller: caller({ ip }), model: 'other' }), ASKED)).ok;
    expect([from('2001:db8::1'), from('2001:db8::ffff'), from('2001:db8:0:1::1')]).toEqual([true, false, true]);
  });

  test('names that are made to look like another plan find their own', async () => {
    const { limits } = await open([{ id: 'models', match: { models: ['a'] }, per: 'model', requests: { count: 1, per: 'minute' } }]);
    expect(now(limits.admit(call({ model: 'a' }), { ...ASKED, session: 'x|y' })).ok).toBe(true);
    expect(now(limits.admit(call({ model: 'a|x' }), { ...ASKED, session: 'y' })).ok).toBe(true);
    expect(now(limits.admit(call({ model: 'a' }), { ...ASKED, session: 'x|y' })).ok).toBe(false);
  });

  test('a dry run refuses nothing and tells', async () => {
    const { limits, events } = await open([{ id: 'try', requests: { count: 1, per: 'minute' }, dryRun: true }]);
    expect(now(limits.admit(call(), ASKED)).ok).toBe(true);
    const answer = admitted(now(limits.admit(call(), ASKED)));
    expect(events).toEqual([{ kind: 'would-refuse', rule: 'try', limit: 'requests' }]);
    expect(answer.headers).toEqual({});
  });

  test('a reload keeps the counters of rules that stay, with their new numbers', async () => {
    const { limits } = await open([{ id: 'calls', requests: { count: 2, per: 'minute' } }]);
    admitted(now(limits.admit(call(), ASKED)));
    const open1 = admitted(now(limits.admit(call(), ASKED)));
    limits.reconfigure(limitsConfig([{ id: 'calls', requests: { count: 3, per: 'minute' } }]));
    expect(now(limits.admit(call(), ASKED)).ok).toBe(true);
    expect(now(limits.admit(call(), ASKED)).ok).toBe(false);
    open1.release();
    expect(now(limits.admit(call(), ASKED)).ok).toBe(false);
    limits.reconfigure(limitsConfig([]));
    expect(now(limits.admit(call(), ASKED)).ok).toBe(true);
  });

  test('more values than there is room for share a counter', async () => {
    const { limits, events } = await open([{ id: 'models', per: 'model', requests: { count: 2, per: 'minute' } }], { maxValues: 100 });
    const answers = Array.from({ length: 110 }, (_, index) => now(limits.admit(call({ model: `m${index}` }), ASKED)).ok);
    expect(answers.filter((ok) => !ok)).toHaveLength(8);
    expect(events).toContainEqual({ kind: 'too-many-values', rule: 'models' });
  });
});

test('headers in the way of the protocol, of the tightest limit', async () => {
  const { limits } = await open([
    { id: 'wide', requests: { count: 1_000, per: 'second' }, tokens: { count: 1_000, per: 'minute' } },
    { id: 'tight', requests: { count: 10, per: 'minute' } },
  ]);
  expect(admitted(now(limits.admit(call(), ASKED))).headers).toEqual({
    'x-ratelimit-limit-requests': '10',
    'x-ratelimit-remaining-requests': '9',
    'x-ratelimit-reset-requests': '1m1s',
    'x-ratelimit-limit-tokens': '1000',
    'x-ratelimit-remaining-tokens': '970',
    'x-ratelimit-reset-tokens': '1m1s',
  });
  expect(admitted(now(limits.admit(call({ route: '/anthropic/v1/messages' }), ASKED))).headers).toEqual({
    'anthropic-ratelimit-requests-limit': '10',
    'anthropic-ratelimit-requests-remaining': '8',
    'anthropic-ratelimit-requests-reset': '2026-03-04T05:07:08.000Z',
    'anthropic-ratelimit-tokens-limit': '1000',
    'anthropic-ratelimit-tokens-remaining': '940',
    'anthropic-ratelimit-tokens-reset': '2026-03-04T05:07:08.000Z',
  });
});

test('after the end, what the store would have to be asked for is refused at once', async () => {
  const { limits } = await open([{ id: 'money', budget: { usd: 1, per: 'day' } }]);
  await limits.close();
  expect(refused(now(limits.admit(call(), ASKED))).kind).toBe('budget');
});

test('how it stands with the store', async () => {
  const { limits, clock } = await open([]);
  expect(limits.sharing()).toEqual([{ store: 'memory', state: 'connected', since: clock.now, replicas: 1 }]);
});
