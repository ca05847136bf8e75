import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SILENT } from '../../src/core/logger.ts';
import type { Call, Caller } from '../../src/engine/gateway/call.ts';
import type { Admission, Admitted, Limits } from '../../src/engine/gateway/limits/limits.ts';
import { openLimits } from '../../src/engine/gateway/limits/open-limits.ts';
import { localOperator } from '../../src/identity/permission.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { limitsConfig, PRICE, usage } from './callers.ts';
import { NO_REDIS, startRedis, type RedisServer } from './redis-server.ts';

if (NO_REDIS !== undefined) console.log(`the matrix of limits is not tested on Redis: ${NO_REDIS}`);

const STORES = ['memory', 'database', 'redis'] as const;
const SUBJECTS = ['key', 'principal', 'team', 'ip', 'model', 'route', 'session'] as const;
const ASKED = { inputTokens: 5, maxOutputTokens: 5, price: PRICE };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Somebody {
  readonly call: Call;
  readonly session: string;
}

const ANN: Somebody = made({});
/** Like her in everything but one. */
const OTHERS: Record<(typeof SUBJECTS)[number], Somebody> = {
  key: made({ key: 'key-2' }),
  principal: made({ principal: localOperator('bob') }),
  team: made({ teams: ['blue'] }),
  ip: made({ ip: '192.0.2.2' }),
  model: { ...ANN, call: { ...ANN.call, model: 'gpt-6' } },
  route: { ...ANN, call: { ...ANN.call, route: '/v1/responses' } },
  session: { ...ANN, session: 's-2' },
};

function made(parts: Partial<Caller>): Somebody {
  const caller: Caller = { principal: localOperator('ann'), key: 'key-1', teams: ['red'], ip: '192.0.2.1', ...parts };
  return { call: { caller, route: '/v1/chat/completions', model: 'gpt-5' }, session: 's-1' };
}

/** One that differs in nothing that is counted, and in everything else. */
function elsewhere(subject: (typeof SUBJECTS)[number]): Somebody {
  const { caller } = ANN.call;
  const other: Caller = {
    principal: subject === 'principal' || subject === 'session' ? caller.principal : localOperator('eve'),
    key: subject === 'key' ? caller.key : 'key-9',
    teams: subject === 'team' ? ['green', 'red'] : ['green'],
    ip: subject === 'ip' ? caller.ip : '198.51.100.9',
  };
  return {
    call: {
      caller: other,
      route: subject === 'route' ? ANN.call.route : '/v1/embeddings',
      model: subject === 'model' ? ANN.call.model : 'gpt-9',
    },
    session: subject === 'session' ? ANN.session : 's-9',
  };
}

describe.each(STORES)('%s', (kind) => {
  describe.skipIf(kind === 'redis' && NO_REDIS !== undefined)('every kind for every subject', () => {
    let redis: RedisServer | undefined;
    let store: Store;
    let opened = 0;
    beforeAll(async () => {
      store = await openStore({ database: ':memory:' });
      redis = kind === 'redis' ? await startRedis() : undefined;
    });
    afterAll(async () => {
      await store.close();
      await redis?.stop();
    });

    async function within<T>(rule: object, work: (admit: (who: Somebody) => Promise<Admission>) => Promise<T>): Promise<T> {
      const sharing = { store: kind, ...(redis !== undefined && { redis: { url: redis.url, prefix: `m${++opened}`, timeoutMs: 500 } }) };
      const id = `r${++opened}`;
      const limits: Limits = await openLimits({ config: limitsConfig([{ id, ...rule }], { sharing }), store, log: SILENT });
      try {
        return await work(async ({ call, session }) => limits.admit(call, { ...ASKED, session }));
      } finally {
        await limits.close();
      }
    }
    const ok = (answer: Admission): Admitted => {
      if (!answer.ok) throw new Error(answer.message);
      return answer;
    };

    for (const per of SUBJECTS) {
      test.each([
        ['requests', { requests: { count: 2, per: 'minute' } }],
        ['requests', { requests: { count: 2, per: 'day' } }],
        ['tokens', { tokens: { count: 20, per: 'minute' } }],
        ['concurrency', { concurrency: 2 }],
        ['budget', { budget: { usd: 0.00003, per: 'month' } }],
      ])(`per ${per}: %s %j`, (limit, measure) =>
        within({ per, ...measure }, async (admit) => {
          const first = ok(await admit(ANN));
          const second = ok(await admit(elsewhere(per)));
          expect(await admit(ANN)).toMatchObject({ ok: false, kind: limit });
          expect(await admit(elsewhere(per))).toMatchObject({ ok: false, kind: limit });
          ok(await admit(OTHERS[per]));
          // Half of each was used: as much as one call takes comes back, except for requests.
          first.settle(usage(2, 3));
          second.release();
          expect((await admit(ANN)).ok).toBe(limit !== 'requests');
        }),
      );
    }

    test('a window slides: nothing comes back early, all of it in time', () =>
      within({ requests: { count: 4, per: 'second' } }, async (admit) => {
        const times: (readonly [before: number, after: number])[] = [];
        const until = Date.now() + 3_500;
        while (Date.now() < until) {
          const before = Date.now();
          const answer = await admit(ANN);
          if (answer.ok) {
            answer.settle(usage(1, 1));
            times.push([before, Date.now()]);
          } else expect(answer.retryAfterSeconds).toBeGreaterThan(0);
          await sleep(15);
        }
        for (const [at, [before]] of times.entries()) {
          const fifth = times[at + 4];
          // The moments of both are between what was measured, so they are not farther apart than this.
          if (fifth !== undefined) expect(fifth[1] - before).toBeGreaterThan(990);
        }
        expect(times.length).toBeGreaterThanOrEqual(8);
      }));
  });
});
