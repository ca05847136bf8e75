/** Brings a checkout to where its commands run: dependencies installed, dist/ built. Needs nothing but Node. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs when node_modules is missing or belongs to another lock file. Output goes to stderr: stdout is the command's. */
export function install() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (existsSync(installed) && lockedVersions(installed) === lockedVersions(join(root, 'package-lock.json'))) return;
  process.stderr.write('cordon: installing dependencies ...\n');
  run('npm', ['ci', '--no-progress', '--loglevel=error'], ['ignore', 2, 2]);
}

/** Optional packages of other platforms stand in the lock file only: compare what is installed with what is locked for it. */
function lockedVersions(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return JSON.stringify(
    Object.entries(packages)
      .filter(([name, { optional }]) => name !== '' && !optional)
      .map(([name, { version }]) => `${name}@${version}`)
      .sort(),
  );
}

/** Builds when dist/ does not belong to the sources. */
export async function buildIfStale(options) {
  const { build, isStale } = await import('./build.mjs');
  if (isStale()) await build(options);
}

/** Runs a command in the repository and ends with its exit code if it fails. */
export function run(command, args, stdio = 'inherit') {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio, shell: process.platform === 'win32' && command === 'npm' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
