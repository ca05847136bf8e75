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

/** Runs a command in the clone and compares its exit code. */
function expectExit(expected, command, args, cwd = clone) {
  process.stdout.write(`\n> ${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== expected) {
    process.stderr.write(`expected exit code ${expected}, got ${status}\n`);
    process.exit(1);
  }
}

try {
  execFileSync('git', ['clone', '--quiet', '--no-local', root, clone]);
  // The examples hold good and bad models, so the gate denies.
  expectExit(1, 'npm', ['start']);
  expectExit(0, 'npm', ['start', '--', 'scan', 'examples/models/good']);
  expectExit(3, 'npm', ['start', '--', 'scan', '--no-such-flag', '.']);
  if (!process.argv.includes('--no-tests')) expectExit(0, 'npm', ['test']);
  process.stdout.write('\nfresh clone: ok\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
