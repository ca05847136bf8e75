/** Fuzzes the streaming filter: `npx tsx test/fuzz/streaming-filter.ts [cases] [seed]`. */
import { randomFrom } from '../patterns/sample-match.ts';
import { runCase } from '../patterns/stream-case.ts';

const cases = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
let redacted = 0;
let held = 0;
let different = 0;
for (let at = 0; at < cases && different < 5; at++) {
  const result = runCase(randomFrom(seed * 1_000_003 + at));
  if (result.whole !== result.text) redacted++;
  held = Math.max(held, result.held);
  if (result.joined === result.whole) continue;
  different++;
  console.log(JSON.stringify({ case: at, ...result }, null, 1).slice(0, 4000));
}
console.log(`${cases} cases, ${redacted} with something to redact, at most ${held} held back, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;
