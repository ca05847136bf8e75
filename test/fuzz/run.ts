/**
 * Fuzzing: damages fixtures of one format after the other and scans them. `npm run fuzz -- --format zip --seconds 60`.
 * Bad inputs are written to a folder; exit code 1 when there are any.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FORMATS } from '../../src/core/format.ts';
import type { TargetReport, TargetTask } from './target.ts';

const HANG_MS = 20_000;
const LOOK_MS = 250;
const INPUT_BYTES = 1024 * 1024;
const HEAP_MB = 1024;
/** Memory a target may keep: compiled code and caches are far below. */
const GROWTH_BYTES = 64 * 1024 * 1024;

/** Why: threads of Node 20 do not inherit the loader that makes TypeScript run. */
const BOOTSTRAP = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))})
  .then(({ register }) => { register(); return import(${JSON.stringify(new URL('target.ts', import.meta.url).href)}); });`;

const { values: given } = parseArgs({
  options: {
    format: { type: 'string', short: 'f', multiple: true },
    seconds: { type: 'string', short: 's', default: '10' },
    seed: { type: 'string', default: '1' },
    output: { type: 'string', short: 'o', default: 'fuzz-findings' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const seconds = Number(given.seconds);
const seed = Number(given.seed);
if (given.help || !(seconds > 0) || !Number.isInteger(seed)) {
  console.error('npm run fuzz -- [--format FORMAT|SCANNER]... [--seconds 10, for each format] [--seed 1] [--output fuzz-findings]');
  process.exit(given.help ? 0 : 3);
}

/** Runs one target in a thread of its own, which is ended when it hangs or grows. Answers how many bad inputs there were. */
function fuzz(target: string): Promise<number> {
  const state = new SharedArrayBuffer(8);
  const current = new SharedArrayBuffer(INPUT_BYTES);
  const progress = new Int32Array(state);
  const task: TargetTask = { target, seconds, seed, state, current };
  const worker = new Worker(BOOTSTRAP, {
    eval: true,
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  let bad = 0;
  const report = (complaint: string, path: string, bytes: Uint8Array): void => {
    bad++;
    console.error(`  ${target}: ${complaint}\n    ${path}, ${bytes.length} bytes: ${save(target, path, bytes)}`);
  };
  const shown = (): Uint8Array => new Uint8Array(current).slice(0, Atomics.load(progress, 1));
  return new Promise((resolve) => {
    let last = 0;
    let since = performance.now();
    const watch = setInterval(() => {
      const count = Atomics.load(progress, 0);
      if (count !== last) [last, since] = [count, performance.now()];
      if (count > 0 && performance.now() - since > HANG_MS) {
        report(`no answer for ${HANG_MS} ms`, 'input', shown());
        end();
      }
    }, LOOK_MS);
    const end = (): void => {
      clearInterval(watch);
      void worker.terminate();
      resolve(bad);
    };
    worker.on('message', (message: TargetReport) => {
      if (message.kind === 'bad') return report(message.complaint, message.path, message.bytes);
      const { seeds, inputs, found, grownBytes } = message;
      console.error(
        seeds === 0
          ? `${target}: no fixture has this format`
          : `${target}: ${inputs} inputs from ${seeds} files, ${found} reached something new, kept ${Math.round(grownBytes / 1024)} KiB`,
      );
      if (grownBytes > GROWTH_BYTES) report(`memory grew by ${grownBytes} bytes`, 'last-input', shown());
      return end();
    });
    worker.on('error', (error) => {
      report(`the thread ended: ${error.message}`, 'input', shown());
      end();
    });
  });
}

function save(target: string, path: string, bytes: Uint8Array): string {
  const folder = join(given.output, target);
  mkdirSync(folder, { recursive: true });
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const file = join(folder, `${digest}-${path.replaceAll(/[^\w.-]/g, '_').slice(-80)}`);
  writeFileSync(file, bytes);
  return file;
}

let total = 0;
for (const target of given.format ?? FORMATS) total += await fuzz(target);
console.error(total === 0 ? 'no bad input' : `${total} bad inputs in ${given.output}`);
process.exitCode = total === 0 ? 0 : 1;
