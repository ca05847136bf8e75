import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openDiskBlobs } from '../../../src/store/blobs/disk.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { startRunner } from '../../../src/store/jobs/runner.ts';
import { completeJob } from '../../../src/store/jobs/queue.ts';
import { check } from './check.ts';
import { dice } from './contents.ts';

/** How many kills, on which database. */
export interface KillLoop {
  readonly kills: number;
  /** Default: a SQLite file. A Postgres must be empty. */
  readonly database?: string;
  readonly onRound?: (kills: number, committed: number) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly committed: number;
  readonly wrong: readonly string[];
}

/** Runs an ingesting and a collecting process over one store, kills both at any moment, checks, and starts again. */
export async function killLoop({ kills, database, onRound = () => undefined }: KillLoop): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-crash-'));
  const address = database ?? join(folder, 'cordon.db');
  const said = { committed: new Set<string>(), dropping: new Set<string>() };
  const wrong: string[] = [];
  let killed = 0;
  try {
    const program = await bundleChild(folder);
    while (killed < kills && wrong.length === 0) {
      const children = ['ingester', 'collector'].map((role) => start(program, role, folder, address, said, wrong));
      // Mostly at work, sometimes while starting.
      if (dice(10) > 0) await Promise.race([Promise.all(children.map(({ atWork }) => atWork)), sleep(20_000)]);
      await sleep(dice(600));
      await Promise.all(
        children.map(async ({ child, ended }) => {
          await sleep(dice(30));
          if (child.exitCode !== null) wrong.push(`a child ended by itself with ${child.exitCode}`);
          child.kill('SIGKILL');
          await ended;
          killed++;
        }),
      );
      const store = await openStore({ database: address });
      const blobs = await openDiskBlobs({ folder: join(folder, 'blobs') });
      wrong.push(...(await check(store, blobs, folder, said)));
      await blobs.close();
      await store.close();
      onRound(killed, said.committed.size);
    }
    if (wrong.length === 0) wrong.push(...(await finish(address, folder, said)));
    return { kills: killed, committed: said.committed.size, wrong };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All jobs must come to their end once nobody is killed any more. */
async function finish(database: string, folder: string, said: { committed: Set<string>; dropping: Set<string> }): Promise<string[]> {
  const store = await openStore({ database });
  const blobs = await openDiskBlobs({ folder: join(folder, 'blobs') });
  const note = { gate: 'g', effect: 'e', repository_id: null, subject: 's', policy: 'p', body: '{}', created_at: 0 };
  const runner = startRunner(
    store,
    {
      note: {
        attempts: 1_000_000,
        run: (job) =>
          store.transaction(async (tx) => {
            await tx
              .insertInto('decision')
              .values({ ...note, id: job.payload as string })
              .execute();
            await completeJob(tx, job);
          }),
      },
    },
    { leaseMs: 300, pollMs: 10, concurrency: 4 },
  );
  const open = store.db.selectFrom('job').select('id').where('state', '!=', 'done');
  for (let wait = 0; wait < 600 && (await open.executeTakeFirst()) !== undefined; wait++) await sleep(50);
  await runner.drain();
  const wrong = await check(store, blobs, folder, said);
  if ((await open.executeTakeFirst()) !== undefined) wrong.push('some jobs never came to an end');
  await blobs.close();
  await store.close();
  return wrong;
}

function start(
  program: string,
  role: string,
  folder: string,
  database: string,
  said: { committed: Set<string>; dropping: Set<string> },
  wrong: string[],
): { child: ChildProcess; atWork: Promise<void>; ended: Promise<unknown> } {
  const child = spawn(process.execPath, [program, role, folder, database], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let rest = '';
  let begin: () => void = () => undefined;
  const atWork = new Promise<void>((resolve) => (begin = resolve));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [word = '', name = ''] = line.split(' ');
      if (word === 'committed') said.committed.add(name);
      else if (word === 'dropping') said.dropping.add(name);
      else if (word === 'started') begin();
      else wrong.push(line);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => wrong.push(text));
  return { child, atWork, ended };
}

/** Why a bundle: a process that starts in a tenth of a second is killed at work and not while it starts. */
async function bundleChild(folder: string): Promise<string> {
  await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  const outfile = join(folder, 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('child.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@photostructure/sqlite', 'pg', '@aws-sdk/client-s3'],
    logLevel: 'error',
  });
  return outfile;
}
