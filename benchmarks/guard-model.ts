/**
 * What the optional model of the guard costs: `tsx benchmarks/guard-model.ts [MODEL] [RUNS]`. Milliseconds for texts of so many tokens, cut into the
 * windows of the model, on one thread; wall time says what a caller waits, CPU time what the work is on a machine that does other things.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findModel } from '../src/engine/guard/model/find-model.ts';
import { loadModel } from '../src/engine/guard/model/load-model.ts';
import { tokenWindows } from '../src/engine/guard/model/windows.ts';
import { row } from './measure.ts';

const [named = '@cordon/guard-minilm', runs = '200'] = process.argv.slice(2);
const WORDS = 'the keeper of a lighthouse writes every evening what ships have passed and which of them answered the radio'.split(' ');

const before = process.memoryUsage().rss;
const started = performance.now();
const model = loadModel(named, process.cwd());
const { session, tokenizer } = await model.ready();
const loaded = performance.now() - started;
const { window, overlap } = model.manifest;
const bytes = readFileSync(join(findModel(named, process.cwd()).folder, model.manifest.model)).length;
console.log(`${model.manifest.name}: ${(bytes / 1e6).toFixed(1)} MB, ${session.runtime}, loaded in ${loaded.toFixed(0)} ms`);
console.log(row('tokens', 'windows', 'p50 ms', 'p99 ms', 'CPU p50 ms', 'CPU p99 ms'));
console.log(row('---', '---', '---', '---', '---', '---'));
for (const tokens of [64, 128, 256, 512]) {
  const text = Array.from({ length: tokens - 2 }, (_, at) => WORDS[at % WORDS.length]).join(' ');
  const wall: number[] = [];
  const cpu: number[] = [];
  let windows = 0;
  for (let run = 0; run < Number(runs); run++) {
    const from = performance.now();
    const used = process.cpuUsage();
    const cut = tokenWindows(text, tokenizer, window, overlap);
    for (const { ids } of cut) await session.run([ids]);
    const { user, system } = process.cpuUsage(used);
    windows = cut.length;
    // The first runs warm up.
    if (run >= 5) wall.push(performance.now() - from);
    if (run >= 5) cpu.push((user + system) / 1000);
  }
  console.log(row(tokens, windows, share(wall, 0.5), share(wall, 0.99), share(cpu, 0.5), share(cpu, 0.99)));
}
console.log(`memory: ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB more than before loading`);

function share(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? Number.NaN;
}
