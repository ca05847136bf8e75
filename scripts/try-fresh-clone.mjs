/**
 * Clones the committed state into an empty folder and runs `npm start` (the server), `npm start -- …` and `npm test` with an empty
 * npm cache.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
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

/** Starts the server, asks it whether it lives, tells it to stop and expects it to end by itself. */
async function expectServer(args) {
  process.stdout.write(`\n> npm ${args.join(' ')}\n`);
  const child = spawn('npm', args, { cwd: clone, env, stdio: ['ignore', 'inherit', 'pipe'], detached: true });
  // Why close and not exit: npm ends at once when it is told to, and the server below it only when it is done.
  const ended = new Promise((settled) => child.on('close', settled));
  let said = '';
  const url = await new Promise((settled, failed) => {
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const found = /listens on (http:\S+)/.exec(said)?.[1];
      if (found !== undefined && said.includes('HF_TOKEN')) settled(found);
    });
    ended.then((code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
  const { status } = await fetch(`${url}/readyz`);
  const unknown = await fetch(`${url}/hf/api/whoami-v2`);
  process.kill(-child.pid, 'SIGTERM');
  await ended;
  if (status !== 200 || unknown.status !== 401) throw new Error(`the server answered ${status} and ${unknown.status}`);
  process.stdout.write(`the server at ${url} answered and stopped\n`);
}

try {
  execFileSync('git', ['clone', '--quiet', '--no-local', root, clone]);
  await expectServer(['start', '--', 'serve', '--port', '0']);
  // The examples hold good and bad models, so the gate denies.
  expectRun(1, 'BLOCKED', 'npm', ['start', '--', 'scan', 'examples/models']);
  expectRun(0, 'CLEAN', 'npm', ['start', '--', 'scan', 'examples/models/good']);
  expectRun(3, '', 'npm', ['start', '--', 'scan', '--no-such-flag', '.']);
  if (!process.argv.includes('--no-tests')) expectRun(0, 'passed', 'npm', ['test']);
  process.stdout.write('\nfresh clone: ok\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
