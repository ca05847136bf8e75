/**
 * A process that spends a shared budget until it is killed: `spender.ts DATABASE BUDGET_USD`. Writes what each call cost, before
 * the limits hear of it, so that nothing that was really spent is missing from the sum; one line is one system call.
 */
import { writeSync } from 'node:fs';
import { openLimits } from '../../../src/engine/gateway/limits/open-limits.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { call, limitsConfig, PRICE, usage } from '../../limits/callers.ts';

const [database = '', usd = '1'] = process.argv.slice(2);
const store = await openStore({ database });
const config = limitsConfig([{ id: 'money', budget: { usd: Number(usd), per: 'total' } }], { sharing: { waitMs: 20_000 } });
const limits = await openLimits({ config, store, workers: 4 });
writeSync(1, 'ready\n');

async function spend(): Promise<void> {
  for (;;) {
    const asked = { inputTokens: 1 + Math.floor(Math.random() * 50), maxOutputTokens: Math.floor(Math.random() * 100), price: PRICE };
    const answer = await limits.admit(call(), asked);
    if (!answer.ok) {
      writeSync(1, 'refused\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    // The model is asked from here on: what a process that is killed now leaves behind is charged in full.
    writeSync(1, `begin ${asked.inputTokens + 2 * asked.maxOutputTokens}\n`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
    const output = Math.floor(Math.random() * (asked.maxOutputTokens + 1));
    writeSync(1, `end ${asked.inputTokens + 2 * asked.maxOutputTokens} ${asked.inputTokens + 2 * output}\n`);
    answer.settle(usage(asked.inputTokens, output));
  }
}

await Promise.all(Array.from({ length: 8 }, spend));
