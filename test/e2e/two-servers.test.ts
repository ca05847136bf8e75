import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSigner } from '../../src/evidence/ledger/note/signer.ts';
import { verifyLedger } from '../../src/evidence/ledger/verify/verify-database.ts';
import { openStore } from '../../src/store/open-store.ts';
import { must, serve, type Served, type Somebody, somebody } from './served.ts';

/** A real Postgres takes part when `CORDON_TEST_POSTGRES` is its URL; the database must be empty. */
const POSTGRES = process.env['CORDON_TEST_POSTGRES'];
const DATABASES: readonly (readonly [string, string | undefined])[] = [
  ['SQLite', undefined],
  ...(POSTGRES === undefined ? [] : [['Postgres', POSTGRES] as const]),
];

describe.each(DATABASES)('two servers on one %s', (_name, database) => {
  let folder: string;
  let first: Served;
  let second: Served;
  let ann: Somebody;
  let there: Somebody;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordon-e2e-two-'));
    const config = database === undefined ? {} : { server: { database } };
    first = await serve(config, folder);
    second = await serve(config, folder, first.admin.key);
    ann = await first.person('ann', 'approver@acme');
    there = somebody(second.server.url, ann.key);
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('pushes at the same time through both end in one history, and nothing that was acknowledged is missing', async () => {
    must(await ann.push('acme/bert', { 'config.json': '{}' }));
    const pushed = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? ann : there).push('acme/bert', { [`f${index}.txt`]: `${index}` })),
    );
    expect(pushed.every(({ status }) => status === 200 || status === 412)).toBe(true);
    const kept = pushed.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    for (const index of kept) expect((await there.pull('acme/bert', 'main', `f${index}.txt`)).body).toBe(index);
    const sealed = await Promise.all(
      Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? ann : there).api('POST', '/repositories/model/acme/bert/versions', {})),
    );
    expect(new Set(sealed.map((answer) => must(answer).body.version)).size, 'the same revision is one version').toBe(1);
  });

  test('the same files in many repositories at once are stored once', async () => {
    const files = { 'config.json': '{"same": true}', 'a.txt': 'a' };
    const pushed = await Promise.all(
      Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? ann : there).push(`acme/same-${index % 4}`, files)),
    );
    expect(pushed.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect((await ann.pull('acme/same-3', 'main', 'a.txt')).body).toBe('a');
  });

  test('a recall, a waiver and a key that is revoked count on the other server within a second', async () => {
    must(await ann.push('acme/other', { 'config.json': '{"a": 1}' }));
    expect((await there.pull('acme/other', 'main', 'config.json')).status).toBe(200);
    const started = performance.now();
    must(await ann.api('POST', '/repositories/model/acme/other/revisions/main/recall', { reason: 'test' }));
    expect((await there.pull('acme/other', 'main', 'config.json')).status).toBe(403);
    expect(performance.now() - started).toBeLessThan(1_000);
    must(await there.api('DELETE', '/repositories/model/acme/other/revisions/main/recall'));
    expect((await ann.pull('acme/other', 'main', 'config.json')).status).toBe(200);
    const { key, secret } = must(await ann.api('POST', '/keys', { name: 'short' })).body;
    const short = somebody(second.server.url, secret);
    expect((await short.api('GET', '/whoami')).status).toBe(200);
    must(await ann.api('DELETE', `/keys/${key.id}`));
    const until = performance.now() + 1_000;
    let status = 200;
    while (status === 200 && performance.now() < until) ({ status } = await short.api('GET', '/whoami'));
    expect(status).toBe(401);
  });

  test('both write one ledger that verifies', async () => {
    await Promise.all(
      [first.admin, somebody(second.server.url, first.admin.key)].map((admin) => admin.api('POST', '/maintenance/collect', {})),
    );
    must(await first.admin.api('POST', '/ledger/checkpoint', {}));
    const store = await openStore({ database: database ?? join(folder, 'cordon.db') });
    try {
      const { verifier } = await openSigner({ file: join(folder, 'ledger.key') });
      expect(await verifyLedger(store, { keys: [verifier.text] })).toMatchObject({ ok: true, problem: null });
    } finally {
      await store.close();
    }
  });
});
