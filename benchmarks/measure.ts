import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One run of a whole process, as the operating system accounts for it. */
export interface Run {
  readonly wallS: number;
  readonly cpuS: number;
  /** Largest resident set, MiB. */
  readonly peakMib: number;
  readonly exit: number | null;
  readonly stdout: string;
}

const GNU_TIME = '/usr/bin/time';

/** Runs a command and measures it. CPU and memory need GNU time; without it they are NaN. */
export function runMeasured(command: readonly string[], timeoutS = 600): Run {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  const log = join(folder, 'time');
  const wrapped = existsSync(GNU_TIME) ? [GNU_TIME, '-o', log, '-f', '%U %S %M', ...command] : [...command];
  const [program = '', ...args] = wrapped;
  const started = performance.now();
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: timeoutS * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: folder,
  });
  const wallS = (performance.now() - started) / 1000;
  const [user, system, kib] = existsSync(log) ? (readFileSync(log, 'utf8').trim().split('\n').at(-1)?.split(' ').map(Number) ?? []) : [];
  rmSync(folder, { recursive: true, force: true });
  return { wallS, cpuS: (user ?? NaN) + (system ?? NaN), peakMib: (kib ?? NaN) / 1024, exit: status, stdout: stdout ?? '' };
}

/** The run whose wall time is the median of `times`, after one warm-up. */
export function median(command: readonly string[], times: number): Run {
  runMeasured(command);
  const runs = Array.from({ length: times }, () => runMeasured(command)).toSorted((a, b) => a.wallS - b.wallS);
  return runs[Math.floor(times / 2)] as Run;
}

/** A row of a Markdown table. */
export function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => (typeof cell === 'number' ? (Number.isNaN(cell) ? '-' : cell.toPrecision(3)) : cell)).join(' | ')} |`;
}
