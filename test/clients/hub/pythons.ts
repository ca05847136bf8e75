import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { operationsOf } from './operations.ts';

/** The interpreters with a huggingface_hub each that CORDON_HUB_PYTHONS names, in the order in which they are run. */
export const PYTHONS = (process.env.CORDON_HUB_PYTHONS ?? '').split(':').filter((path) => path !== '');

/** Milliseconds for one script. */
export const SCRIPT_MS = 600_000;

const run = promisify(execFile);

/** Runs one of the scripts beside this file with a client that talks to a server. A script that ends with an error has said why. */
export async function runScript(
  python: string,
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<ReturnType<typeof operationsOf>> {
  const env = { ...process.env, HF_HUB_DISABLE_TELEMETRY: '1', HF_HUB_DISABLE_PROGRESS_BARS: '1', ...variables };
  const options = { env, maxBuffer: 1 << 26, timeout: SCRIPT_MS };
  const { stdout } = await run(python, [join(import.meta.dirname, script), ...args], options).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return operationsOf(stdout);
}

/** A name for what belongs to one interpreter. */
export function nameOf(python: string): string {
  return `${PYTHONS.indexOf(python)}-${basename(dirname(dirname(python))).replaceAll(/[^a-z0-9]+/gi, '-')}`;
}
