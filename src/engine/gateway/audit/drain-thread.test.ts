import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GatewayAuditConfig } from '../../../core/gateway-audit-config.ts';
import type { Logger } from '../../../core/logger.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import type { Audit } from './audit.ts';
import { openAudit } from './open-audit.ts';
import { exampleRecord } from './testing.ts';

const DAY = 86_400_000;
const secrets = { get: async () => Buffer.alloc(32, 1).toString('base64'), watch: () => () => undefined };
let folder: string;
let store: Store;
let audit: Audit;
let errors: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-thread-'));
  await symlink(fileURLToPath(new URL('../../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  errors = [];
  store = await openStore({ database: join(folder, 'cordon.db') });
});
afterEach(async () => {
  await audit.close();
  await store.close();
  await rm(folder, { recursive: true });
});

async function open(entry: string, settings: object = {}): Promise<void> {
  const log: Logger = { info: () => {}, warn: () => {}, error: (_fields, message) => void errors.push(message) };
  const config = GatewayAuditConfig.parse(settings);
  const drainEntry = pathToFileURL(entry);
  audit = await openAudit({ config, store, folder: join(folder, 'audit'), secrets, log, database: join(folder, 'cordon.db'), drainEntry });
}

/** Why a bundle: a thread cannot run the sources. */
async function bundle(): Promise<string> {
  const outfile = join(folder, 'audit-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('drain-worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@photostructure/sqlite', 'pg'],
    logLevel: 'error',
  });
  return outfile;
}

test('a thread stores records, removes old ones, and leaves nothing behind when it ends', async () => {
  await open(await bundle(), { recordDays: 1, content: 'redacted', key: 'env:KEY' });
  const old = Array.from({ length: 600 }, () => exampleRecord({ at: Date.now() - 3 * DAY }));
  await Promise.all(old.map((record) => audit.append(record, { request: 'a', response: 'b' })));
  await audit.flush();
  expect(audit.state()).toMatchObject({ appended: 600, stored: 600, problem: null });
  await audit.append(exampleRecord());
  await audit.flush();
  await audit.expire();
  expect(await store.db.selectFrom('gateway_exchange').select('id').execute()).toHaveLength(1);
  await audit.close();
  expect(await readdir(join(folder, 'audit', 'worker-0'))).toEqual([]);
  expect(errors).toEqual([]);
});

test('a thread that fails is started again, and what waited is stored', async () => {
  const entry = join(folder, 'audit-worker.mjs');
  await writeFile(entry, 'throw new Error("broken")');
  await open(entry);
  await audit.append(exampleRecord());
  const stored = audit.flush();
  while (audit.state().problem === null) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(audit.state().problem).toBe('broken');
  // Requests go on: records wait on the disk.
  expect(audit.refusal()).toBeUndefined();
  await bundle();
  await stored;
  expect(audit.state()).toMatchObject({ stored: 1, problem: null });
});
