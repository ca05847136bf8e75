import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { check, type Told } from './check.ts';

export interface KillReport {
  readonly kills: number;
  /** Commits, versions and promotions that clients were told of. */
  readonly commits: number;
  readonly versions: number;
  readonly promotions: number;
  readonly wrong: readonly string[];
}

const START_MS = 60_000;

/** Starts a server with clients, kills it at any moment, looks at what it left, and starts it again on that. */
export async function killLoop(
  kills: number,
  options: { readonly database?: string; readonly onRound?: (report: KillReport) => void } = {},
): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-crash-registry-'));
  const told: Told = new Map();
  const wrong: string[] = [];
  const counted = { commits: 0, versions: 0, promotions: 0 };
  let killed = 0;
  let key = '';
  const report = (): KillReport => ({ kills: killed, ...counted, wrong });
  try {
    const program = await bundleChild(folder);
    const data = join(folder, 'data');
    const database = options.database ?? join(data, 'cordon.db');
    while (killed < kills && wrong.length === 0) {
      const child = spawn(process.execPath, [program, data, database, key], { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(child, 'close');
      // Why: on a busy machine the first scan takes longer than anything else, and everything after it must be hit too.
      const untilCommit = Math.random() < 0.7;
      let begin: () => void = () => undefined;
      const atWork = new Promise<void>((settled) => (begin = settled));
      listen(
        child,
        (line) => {
          const [word = '', name = '', id = ''] = line.split(' ');
          const known = told.get(name) ?? { revisions: new Set<string>(), versions: new Map<number, { promoted: boolean }>() };
          if (word === (untilCommit ? 'committed' : 'started')) begin();
          if (word === 'started') return;
          if (word === 'key') key = name;
          else if (word === 'dropping') told.delete(name);
          else if (word === 'committed') {
            known.revisions.add(id);
            counted.commits++;
          } else if (word === 'sealed') {
            if (!known.versions.has(Number(id))) known.versions.set(Number(id), { promoted: false });
            counted.versions++;
          } else if (word === 'promoted') {
            known.versions.set(Number(id), { promoted: true });
            counted.promotions++;
          } else wrong.push(line);
          if (word === 'committed' || word === 'sealed' || word === 'promoted') told.set(name, known);
        },
        wrong,
      );
      // Mostly at work, sometimes while starting; never before the first key is known.
      if (key === '' || Math.random() < 0.9) await Promise.race([atWork, ended, sleep(START_MS)]);
      await sleep(Math.random() * 2_000);
      if (child.exitCode !== null) wrong.push(`the server ended by itself with ${child.exitCode}`);
      child.kill('SIGKILL');
      await ended;
      killed++;
      if (key !== '') wrong.push(...(await check(data, database, told)));
      options.onRound?.(report());
    }
    return report();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function listen(child: ChildProcess, onLine: (line: string) => void, wrong: string[]): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => wrong.push(text));
}

/** Why one build for all: what was scanned by one must count for the next. */
async function bundleChild(folder: string): Promise<string> {
  await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  await build({
    entryPoints: {
      child: fileURLToPath(new URL('child.ts', import.meta.url)),
      worker: fileURLToPath(new URL('../../../src/engine/worker.ts', import.meta.url)),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@photostructure/sqlite', 'pg-native', '@aws-sdk/client-s3', 'onnxruntime-web', 'onnxruntime-node'],
    banner: { js: "import { createRequire as __cordonRequire } from 'node:module'; const require = __cordonRequire(import.meta.url);" },
    define: { CORDON_BUILD: '"crash-test"', CORDON_VERSION: '"0.0.0-crash-test"' },
    logLevel: 'error',
  });
  return join(folder, 'child.js');
}
