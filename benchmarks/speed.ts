import { existsSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeInputs, markMade } from './inputs.ts';
import { median, row } from './measure.ts';
import { peers } from './peers.ts';

/**
 * Speed and memory of whole processes, Cordon beside its peers on the same files in the same run.
 *
 * Run: npx tsx benchmarks/speed.ts [--folder DIR] [--times 5] [--python PATH]
 */
const option = (name: string, fallback: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1 || -1] ?? fallback;
const folder = option('folder', join(tmpdir(), 'cordon-speed'));
const times = Number(option('times', '5'));
if (!existsSync(join(folder, 'made'))) {
  makeInputs(folder);
  markMade(folder);
}

const cli = new URL('../dist/cli.js', import.meta.url).pathname;
const cordon = (...args: string[]): string[] => [process.execPath, cli, ...args];
const small = join(folder, 'small', 'model-0.pkl');

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}; median of ${times} after a warm-up\n`);
console.log(row('input', 'tool', 'wall s', 'CPU s', 'peak MiB', 'exit'));
console.log(row('---', '---', '---', '---', '---', '---'));

function report(input: string, tool: string, command: readonly string[], runs = times): void {
  const { wallS, cpuS, peakMib, exit } = median(command, runs);
  console.log(row(input, tool, wallS, cpuS, peakMib, String(exit)));
}

report('--help', 'cordon', cordon('--help'));
report('one small file', 'cordon', cordon('scan', '--no-cache', small));
for (const name of ['torch-1gib.pt', 'raw-1gib.pkl', 'weights-1gib.safetensors', 'dense.pkl', 'small']) {
  const path = join(folder, name);
  report(name, 'cordon --no-hash', cordon('scan', '--no-hash', path));
  report(name, 'cordon', cordon('scan', '--no-cache', path));
  for (const peer of peers(option('python', 'python3'))) report(name, peer.name, peer.scan(path), 1);
}
