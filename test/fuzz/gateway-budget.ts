/** `npx tsx test/fuzz/gateway-budget.ts [--runs 1000000] [--steps 200] [--seed 1]`: interleavings of processes that spend one budget. */
import { parseArgs } from 'node:util';
import { simulateBudget } from '../limits/budget-simulation.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    steps: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const [runs, steps, seed] = [Number(values.runs), Number(values.steps), Number(values.seed)];
const started = performance.now();
let [admitted, killed, used] = [0, 0, 0];
for (let run = 0; run < runs; run++) {
  const outcome = simulateBudget(seed + run, steps);
  admitted += outcome.admitted;
  killed += outcome.killed;
  used += outcome.spent / outcome.limit;
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`${runs} interleavings of ${steps} steps, ${admitted} calls, ${killed} kills, ${seconds} s: never more than the budget`);
console.log(`on average ${Math.round((100 * used) / runs)} % of it was spent`);
