import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { GatewayAuditConfig } from '../../../src/core/gateway-audit-config.ts';
import { SILENT } from '../../../src/core/logger.ts';
import { openAudit } from '../../../src/engine/gateway/audit/open-audit.ts';
import { verifyLedger } from '../../../src/evidence/ledger/verify/verify-database.ts';
import { localOperator } from '../../../src/identity/permission.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { SIGNER } from '../../ledger/make-ledger.ts';

export interface KillReport {
  readonly kills: number;
  /** Records that the processes were told are safe. */
  readonly kept: number;
  readonly stored: number;
  readonly wrong: readonly string[];
}

/** Runs two workers that accept records, kills both at any moment, starts them again, and at the end looks for what was lost or doubled. */
export async function killLoop(kills: number, onRound: (kills: number, kept: number) => void = () => undefined): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-crash-'));
  const database = join(folder, 'cordon.db');
  const kept = new Set<string>();
  const wrong: string[] = [];
  let killed = 0;
  try {
    const program = await bundleChild(folder);
    for (let round = 0; killed < kills && wrong.length === 0; round++) {
      const children = [0, 1].map((worker) => start([program, folder, database, `${worker}`, `${round}`], kept, wrong));
      // Mostly at work, sometimes while starting.
      if (Math.random() < 0.9) await Promise.race([Promise.all(children.map(({ atWork }) => atWork)), sleep(20_000)]);
      await sleep(Math.random() * 1_500);
      for (const { child, ended } of children) {
        if (child.exitCode !== null) wrong.push(`a child ended by itself with ${child.exitCode}`);
        child.kill('SIGKILL');
        await ended;
        killed++;
      }
      onRound(killed, kept.size);
    }
    const { stored, wrong: found } = await check(folder, database, kept);
    return { kills: killed, kept: kept.size, stored, wrong: [...wrong, ...found] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function check(folder: string, database: string, kept: ReadonlySet<string>): Promise<{ stored: number; wrong: string[] }> {
  const store = await openStore({ database });
  const secrets = { get: async () => Buffer.alloc(32, 1).toString('base64'), watch: () => () => undefined };
  const config = GatewayAuditConfig.parse({ content: 'redacted', key: 'env:KEY' });
  // One worker, so that it takes over what the second left.
  const audit = await openAudit({ config, store, folder: join(folder, 'audit'), secrets, log: SILENT });
  const wrong: string[] = [];
  for (let wait = 0; wait < 600 && (await journals(folder)) > 0; wait++) await sleep(50);
  if ((await journals(folder)) > 0) wrong.push('a journal was not taken over');
  const rows = await store.db.selectFrom('gateway_exchange').select(['id', 'body']).execute();
  const ids = new Set(rows.map(({ id }) => id));
  if (ids.size !== rows.length) wrong.push(`${rows.length - ids.size} records are there twice`);
  const lost = [...kept].filter((id) => !ids.has(id));
  if (lost.length > 0) wrong.push(`${lost.length} acknowledged records are lost, such as ${lost[0]}`);
  const [sum] = await audit.usage({ from: 0, to: Date.now(), by: [] });
  if (sum?.requests !== rows.length) wrong.push(`usage counts ${sum?.requests} requests, there are ${rows.length} records`);
  const sealed = rows.filter(({ body }) => !body.includes('"content":null'));
  for (const { id } of sealed.slice(0, 200)) {
    const { request } = await audit.readContent(localOperator('checker'), id);
    if (request !== `asked ${id}`) wrong.push(`the content of ${id} is another one`);
  }
  const nonces = await store.db.selectFrom('gateway_content').select(['key', 'sealed']).execute();
  const used = new Set(nonces.map(({ key, sealed: bytes }) => `${key} ${Buffer.from(bytes).subarray(0, 12).toString('hex')}`));
  if (used.size !== nonces.length) wrong.push('a nonce was used twice');
  const verified = await verifyLedger(store, { keys: [SIGNER.verifier.text] });
  if (!verified.ok || verified.records !== rows.length) wrong.push(`the ledger: ${JSON.stringify(verified)}`);
  await audit.close();
  await store.close();
  return { stored: rows.length, wrong };
}

async function journals(folder: string): Promise<number> {
  const names = await readdir(join(folder, 'audit'), { recursive: true });
  return names.filter((name) => name.endsWith('.journal')).length;
}

function start(
  args: readonly string[],
  kept: Set<string>,
  wrong: string[],
): { child: ChildProcess; atWork: Promise<void>; ended: Promise<unknown> } {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let rest = '';
  let begin: () => void = () => undefined;
  const atWork = new Promise<void>((resolve) => (begin = resolve));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('kept ')) kept.add(line.slice(5));
      else if (line === 'started') begin();
      else wrong.push(line);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => wrong.push(text));
  return { child, atWork, ended };
}

/** Why bundles: a process that starts in a tenth of a second is killed at work, and a thread needs one. */
async function bundleChild(folder: string): Promise<string> {
  await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  await build({
    entryPoints: {
      child: fileURLToPath(new URL('child.ts', import.meta.url)),
      'audit-worker': fileURLToPath(new URL('../../../src/engine/gateway/audit/drain-worker.ts', import.meta.url)),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@photostructure/sqlite', 'pg', '@aws-sdk/client-s3'],
    logLevel: 'error',
  });
  return join(folder, 'child.mjs');
}
