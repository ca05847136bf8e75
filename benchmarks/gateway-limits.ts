import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LimitsConfig } from '../src/core/gateway-limits-config.ts';
import type { Call, Caller } from '../src/engine/gateway/call.ts';
import type { Asked, Limits } from '../src/engine/gateway/limits/limits.ts';
import { openLimits } from '../src/engine/gateway/limits/open-limits.ts';
import { openPrices } from '../src/engine/gateway/prices/open-prices.ts';
import { localOperator } from '../src/identity/permission.ts';
import { openStore } from '../src/store/open-store.ts';
import { row } from './measure.ts';

/**
 * What limits cost a call: admit and settle, in one process.
 *
 * Run: npx tsx benchmarks/gateway-limits.ts [--calls 500000] [--redis redis://127.0.0.1:6379/0]
 */
const option = (name: string): string | undefined => process.argv[process.argv.indexOf(`--${name}`) + 1 || -1];
const calls = Number(option('calls') ?? '500000');
const redis = option('redis');

const folder = await mkdtemp(join(tmpdir(), 'cordon-limits-'));
const store = await openStore({ database: join(folder, 'cordon.db') });
const price = openPrices({ models: [], builtin: true }).priceOf('openai', 'gpt-4o');
const callers: readonly Caller[] = Array.from({ length: 100 }, (_, index) => ({
  principal: localOperator(`user-${index}`),
  key: `key-${index}`,
  teams: [`team-${index % 10}`],
  ip: `198.51.100.${index}`,
}));
const usage = { inputTokens: 900, outputTokens: 200, cachedTokens: 0, measured: true };
const asked: Asked = { inputTokens: 4_000, maxOutputTokens: 1_000, price };
const many = { count: 1_000_000_000, per: 'minute' };
const local = [
  { id: 'key', per: 'key', requests: many },
  { id: 'team', per: 'team', requests: many },
  { id: 'ip', per: 'ip', requests: many },
  { id: 'tokens', per: 'model', tokens: { ...many, count: 1_000_000_000_000 } },
  { id: 'open', per: 'principal', concurrency: 1_000_000 },
];
const money = { id: 'money', per: 'team', budget: { usd: 1_000_000, per: 'month' } };
const cases: readonly (readonly [string, readonly object[], object])[] = [
  ['no rules', [], {}],
  ['5 local rules', local, {}],
  ['5 local rules and a budget', [...local, money], {}],
  ['5 rules leased from SQLite', local, { store: 'database' }],
  ...(redis === undefined ? [] : [['5 rules leased from Redis', local, { store: 'redis', redis: { url: redis } }] as const]),
];

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}, ${calls.toLocaleString('en')} calls\n`);
console.log(row('what', 'CPU µs a call', 'with headers', 'waited', 'p99 µs of those'));
console.log(row('---', '---', '---', '---', '---'));

for (const [what, rules, sharing] of cases) {
  const limits = await openLimits({ config: LimitsConfig.parse({ rules, sharing }), store });
  await run(limits, Math.min(calls, 50_000), false);
  const plain = await run(limits, calls, false);
  const headers = await run(limits, Math.min(calls, 200_000), true);
  console.log(row(what, plain.microseconds, headers.microseconds, `${plain.waited}`, plain.p99));
  await limits.close();
}
await store.close();
await rm(folder, { recursive: true });

interface Measured {
  readonly microseconds: number;
  readonly waited: number;
  readonly p99: number;
}

/** Sixty-four calls at a time, as a server has them. */
async function run(limits: Limits, count: number, headers: boolean): Promise<Measured> {
  const waits: number[] = [];
  const before = process.cpuUsage();
  let next = 0;
  async function client(): Promise<void> {
    for (let index = next++; index < count; index = next++) {
      const caller = callers[index % callers.length] as Caller;
      // A new object for every call, as the gateway makes them.
      const call: Call = { caller, route: '/v1/chat/completions', model: index % 3 === 0 ? 'gpt-4o' : 'gpt-4o-mini' };
      let answer = limits.admit(call, asked);
      if (answer instanceof Promise) {
        const started = performance.now();
        answer = await answer;
        waits.push((performance.now() - started) * 1_000);
      } else if (index % 64 === 0) await new Promise(setImmediate);
      if (!answer.ok) throw new Error(answer.message);
      if (headers) Object.keys(answer.headers);
      answer.settle(usage);
    }
  }
  await Promise.all(Array.from({ length: 64 }, client));
  const { user, system } = process.cpuUsage(before);
  const p99 = waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? 0;
  return { microseconds: (user + system) / count, waited: waits.length, p99 };
}
