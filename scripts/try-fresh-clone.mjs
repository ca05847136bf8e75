/** Clones the committed state into an empty folder and runs `npm start`, `npm start -- …` and `npm test` with an empty npm cache. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cordon-clone-'));
const clone = join(folder, 'cordon');
const env = { ...process.env, npm_config_cache: join(folder, 'npm-cache'), XDG_CACHE_HOME: join(folder, 'cache') };

/** Runs a command in the clone and compares its exit code and what it must say. */
function expectRun(expected, says, command, args) {
  process.stdout.write(`\n> ${command} ${args.join(' ')}\n`);
  const { status, stdout } = spawnSync(command, args, {
    cwd: clone,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  process.stdout.write(stdout);
  if (status === expected && stdout.includes(says)) return;
  process.stderr.write(`expected exit code ${expected} and ${JSON.stringify(says)}, got exit code ${status}\n`);
  // Not process.exit: the folder below is removed first.
  throw new Error('the fresh clone does not work');
}

try {
  execFileSync('git', ['clone', '--quiet', '--no-local', root, clone]);
  // The examples hold good and bad models, so the gate denies.
  expectRun(1, 'BLOCKED', 'npm', ['start']);
  expectRun(0, 'CLEAN', 'npm', ['start', '--', 'scan', 'examples/models/good']);
  expectRun(3, '', 'npm', ['start', '--', 'scan', '--no-such-flag', '.']);
  if (!process.argv.includes('--no-tests')) expectRun(0, 'passed', 'npm', ['test']);
  process.stdout.write('\nfresh clone: ok\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
