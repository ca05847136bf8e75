import { spawn, type SpawnOptions } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from '../src/core/report.ts';

/** The built command line. */
export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** How long a command may take before it counts as hanging. */
const HANG_MS = 50_000;

/** Runs a program to its end; kills what hangs. */
export function runProgram(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: HANG_MS, killSignal: 'SIGKILL', ...options });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        ms: performance.now() - started,
      }),
    );
  });
}

/** Runs `cordon` with a home of its own, so that no cache of the user takes part. */
export function cordon(args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
  const home = temporaryFolder();
  const env = { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: join(home, 'cache'), ...options.env };
  return runProgram(process.execPath, [CLI, ...args], { ...options, env });
}

/** Scans and reads the JSON report. */
export async function scanReport(args: readonly string[], options: SpawnOptions = {}): Promise<Outcome & { readonly report: Report }> {
  const outcome = await cordon(['scan', '--format', 'json', ...args], options);
  if (outcome.stdout === '') throw new Error(`no report, code ${outcome.code}, ${outcome.signal}: ${outcome.stderr}`);
  return { ...outcome, report: Report.parse(JSON.parse(outcome.stdout)) };
}

const folders: string[] = [];

/** A new folder, by its real path. {@link removeTemporary} removes them all. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-test-')));
  folders.push(folder);
  return folder;
}

/** Removes every folder made; `rm` copes with trees deeper than a path may be long. */
export async function removeTemporary(): Promise<void> {
  const gone = folders.splice(0);
  if (gone.length > 0) await runProgram('rm', ['-rf', ...gone]);
}
