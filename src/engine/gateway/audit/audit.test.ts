import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { GatewayAuditConfig } from '../../../core/gateway-audit-config.ts';
import { SILENT } from '../../../core/logger.ts';
import { localOperator } from '../../../identity/permission.ts';
import { newId } from '../../../store/ids.ts';
import { migrate } from '../../../store/migrate.ts';
import { gatewayAudit } from '../../../store/migrations/0016-gateway-audit.ts';
import { gatewayUsageByRoute } from '../../../store/migrations/0022-gateway-usage-by-route.ts';
import { gatewayUsageOutcomes } from '../../../store/migrations/0023-gateway-usage-outcomes.ts';
import type { Store } from '../../../store/open-store.ts';
import { type Database, DATABASES } from '../../../../test/store/databases.ts';
import type { Audit } from './audit.ts';
import { openAudit } from './open-audit.ts';
import { recordText } from './record-text.ts';
import { exampleRecord } from './testing.ts';

const KEYS: Record<string, string> = { 'env:ONE': Buffer.alloc(32, 1).toString('base64'), 'env:TWO': Buffer.alloc(32, 2).toString('hex') };
const DAY = 86_400_000;
const reader = localOperator('ann');

describe.each(DATABASES)('$name', ({ create }) => {
  let database: Database;
  let store: Store;
  let folder: string;
  let audit: Audit | undefined;
  let now: number;
  let changed: ((value: string) => void) | undefined;
  const secrets = {
    get: async (reference: string) => KEYS[reference]!,
    watch: (_reference: string, listener: (value: string) => void) => {
      changed = listener;
      return () => undefined;
    },
  };
  const open = async (settings: object = {}): Promise<Audit> => {
    const config = GatewayAuditConfig.parse(settings);
    audit = await openAudit({ config, store, folder, secrets, log: SILENT, now: () => now });
    return audit;
  };
  beforeEach(async () => {
    database = await create();
    store = await database.open();
    folder = await mkdtemp(join(tmpdir(), 'cordon-audit-'));
    now = Date.UTC(2026, 10, 21, 12);
  });
  afterEach(async () => {
    await audit?.close();
    await store.close();
    await database.remove();
    await rm(folder, { recursive: true });
  });

  test('what was accepted is in the database and the ledger once, and the journal is gone after the end', async () => {
    const opened = await open();
    const records = Array.from({ length: 700 }, () => exampleRecord());
    await Promise.all(records.map((record) => opened.append(record)));
    await opened.flush();
    const rows = await store.db.selectFrom('gateway_exchange').selectAll().orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(rows[5]?.body).toBe(recordText(records[5]!));
    const entries = await store.db.selectFrom('ledger').selectAll().where('kind', '=', 'gateway.records').execute();
    expect(entries.map(({ body }) => (JSON.parse(body) as { count: number }).count).reduce((a, b) => a + b, 0)).toBe(700);
    expect(opened.state()).toMatchObject({ appended: 700, stored: 700, lost: 0, problem: null });
    await opened.close();
    audit = undefined;
    expect(await readdir(join(folder, 'worker-0'))).toEqual([]);
    expect(await store.db.selectFrom('gateway_journal').selectAll().execute()).toEqual([]);
  });

  test('records are found by who, what became of them, session and time, page by page', async () => {
    const opened = await open();
    const records = Array.from({ length: 30 }, (_, index) =>
      exampleRecord({ at: now + index, outcome: index % 3 === 0 ? 'blocked' : 'served', session: index < 5 ? 'one' : null }),
    );
    await Promise.all(records.map((record) => opened.append(record)));
    await opened.flush();
    const ids = records.map(({ id }) => id).toReversed();
    const first = await opened.exchanges({ limit: 20 });
    const second = await opened.exchanges({ limit: 20, before: first.at(-1)!.id });
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
    expect(await opened.exchanges({ outcome: 'blocked' })).toHaveLength(10);
    expect(await opened.exchanges({ outcome: 'served', session: 'one' })).toHaveLength(3);
    expect(await opened.exchanges({ from: now + 10, to: now + 12 })).toHaveLength(3);
    expect(await opened.exchanges({ principal: 'nobody' })).toEqual([]);
    expect(first[0]).toMatchObject({ who: records[29]!.who, content: null });
  });

  test('names that clients make up do not become rows of usage', async () => {
    const opened = await open();
    const made = { upstream: null, upstreamModel: null, usage: null, outcome: 'refused' } as const;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => opened.append(exampleRecord({ ...made, at: now, model: `made-up-${index}` }))),
    );
    await opened.flush();
    expect(await store.db.selectFrom('gateway_usage').select('requests').execute()).toEqual([{ requests: 50 }]);
  });

  test('usage is summed up and filtered', async () => {
    const opened = await open();
    const hour = Date.UTC(2026, 10, 21, 10);
    const of = (changes: Parameters<typeof exampleRecord>[0]): Promise<void> => opened.append(exampleRecord({ at: hour, ...changes }));
    await Promise.all([
      of({}),
      of({ at: hour + 1_800_000 }),
      of({ at: hour + 3_700_000, model: 'claude', who: { principal: 'p2', name: 'p2', key: null, teams: [], ip: '' } }),
      of({ outcome: 'blocked', usage: null, costMicros: 0 }),
      of({ outcome: 'limited', usage: null, costMicros: 0 }),
      of({ outcome: 'aborted', usage: null, costMicros: 0 }),
      of({ outcome: 'failed', usage: null, costMicros: 0 }),
      of({ outcome: 'refused', usage: null, costMicros: 0 }),
    ]);
    await opened.flush();
    const range = { from: hour, to: hour + DAY };
    const whole = {
      requests: 8,
      served: 3,
      refused: 1,
      limited: 1,
      blocked: 1,
      failed: 1,
      aborted: 1,
      inputTokens: 2436,
      outputTokens: 285,
      costMicros: 1236,
    };
    expect(await opened.usage({ ...range, by: [] })).toEqual([{ ...whole, cachedTokens: 0 }]);
    expect(await opened.usage({ ...range, by: ['day'] })).toEqual([{ ...whole, cachedTokens: 0, day: Date.UTC(2026, 10, 21) }]);
    expect(
      (await opened.usage({ ...range, by: ['hour', 'model'] })).map(({ hour: at, model, requests }) => [at! - hour, model, requests]),
    ).toEqual([
      [0, 'gpt-5-mini', 7],
      [3_600_000, 'claude', 1],
    ]);
    expect((await opened.usage({ ...range, by: ['team'] })).map(({ team, requests }) => [team, requests])).toEqual([
      ['', 1],
      ['chat', 7],
      ['search', 7],
    ]);
    expect(await opened.usage({ ...range, by: [], team: 'chat', key: 'k-17' })).toMatchObject([{ requests: 7 }]);
    await opened.append(exampleRecord({ at: hour + DAY, route: '/v1/responses' }));
    await opened.append(exampleRecord({ at: hour + DAY }));
    await opened.flush();
    const later = { from: hour + DAY, to: hour + DAY };
    expect((await opened.usage({ ...later, by: ['route', 'team'] })).map(({ route, team, requests }) => [route, team, requests])).toEqual([
      ['/v1/chat/completions', 'chat', 1],
      ['/v1/chat/completions', 'search', 1],
      ['/v1/responses', 'chat', 1],
      ['/v1/responses', 'search', 1],
    ]);
    expect(await opened.usage({ ...later, by: ['model'], route: '/v1/responses' })).toMatchObject([{ requests: 1 }]);
    expect(await opened.usage({ from: hour + 2 * DAY, to: hour + 3 * DAY, by: [] })).toEqual([]);
    await opened.append(exampleRecord({ at: hour }));
    await opened.flush();
    expect(await opened.usage({ from: hour, to: hour + DAY - 1, by: [] })).toMatchObject([{ requests: 9, inputTokens: 3248 }]);
  });

  test('sums from before routes were counted stay', async () => {
    const before = gatewayAudit.statements.find((statement) => statement.startsWith('create table gateway_usage'))!;
    await sql`drop table gateway_usage`.execute(store.db);
    await sql.raw(before).execute(store.db);
    await sql`insert into gateway_usage values (${now}, 'p', 'k', '["t"]', 'm', 'u', 3, 1, 1, 1, 0, 10, 20, 5, 99)`.execute(store.db);
    await sql`delete from migration where name in (${gatewayUsageByRoute.name}, ${gatewayUsageOutcomes.name})`.execute(store.db);
    await migrate(store.db, store.dialect);
    const opened = await open();
    await opened.append(exampleRecord({ at: now }));
    await opened.flush();
    expect(await opened.usage({ from: now, to: now, by: ['route', 'key'] })).toMatchObject([
      { route: '', key: 'k', requests: 3, served: 1, blocked: 1, limited: 1, inputTokens: 10, outputTokens: 20, costMicros: 99 },
      { route: '/v1/chat/completions', key: 'k-17', requests: 1 },
    ]);
  });

  test('contents are encrypted, bound to their record, and reading them is in the ledger', async () => {
    const opened = await open({ content: 'redacted', key: 'env:ONE', contentMaxBytes: 1_024 });
    const [one, two] = [exampleRecord(), exampleRecord()];
    await opened.append(one, { request: 'hello [EMAIL]', response: 'grüße' });
    await opened.append(two, { request: 'ü'.repeat(1_000), response: '' });
    await opened.flush();
    expect(await opened.readContent(reader, one.id)).toEqual({ request: 'hello [EMAIL]', response: 'grüße' });
    expect(await opened.readContent(reader, two.id)).toEqual({ request: 'ü'.repeat(512), response: '' });
    const reads = await store.db.selectFrom('ledger').select('body').where('kind', '=', 'gateway.content-read').execute();
    expect(reads.map(({ body }) => JSON.parse(body) as object)).toMatchObject([{ exchange: one.id, by: 'ann' }, { exchange: two.id }]);
    await expect(opened.readContent({ ...reader, can: () => false }, one.id)).rejects.toMatchObject({ code: 'access.denied' });
    const rows = await store.db.selectFrom('gateway_content').selectAll().orderBy('id').execute();
    expect(Buffer.from(rows[0]!.sealed).includes('hello')).toBe(false);
    expect(new Set(rows.map(({ sealed }) => Buffer.from(sealed).subarray(0, 12).toString('hex'))).size).toBe(2);
    // One in the place of the other.
    await store.db.updateTable('gateway_content').set({ sealed: rows[0]!.sealed }).where('id', '=', two.id).execute();
    await expect(opened.readContent(reader, two.id)).rejects.toMatchObject({ code: 'storage.corrupt' });
  });

  test('another master key protects the keys anew without a restart', async () => {
    const opened = await open({ content: 'redacted', key: 'env:ONE' });
    const [one, two] = [exampleRecord(), exampleRecord()];
    await opened.append(one, { request: 'a', response: 'b' });
    await opened.flush();
    const before = await store.db.selectFrom('gateway_content_key').selectAll().executeTakeFirstOrThrow();
    changed!(KEYS['env:TWO']!);
    await opened.append(two, { request: 'c', response: 'd' });
    await opened.flush();
    await opened.expire();
    const after = await store.db.selectFrom('gateway_content_key').selectAll().orderBy('id').execute();
    expect(after).toHaveLength(2);
    expect(new Set(after.map(({ master }) => master)).size).toBe(1);
    expect(after[0]?.master).not.toBe(before.master);
    await opened.close();
    const next = await open({ content: 'redacted', key: 'env:TWO' });
    expect(await next.readContent(reader, one.id)).toEqual({ request: 'a', response: 'b' });
    expect(await next.readContent(reader, two.id)).toEqual({ request: 'c', response: 'd' });
    await next.close();
    const former = await open({ content: 'redacted', key: 'env:ONE' });
    await expect(former.readContent(reader, one.id)).rejects.toMatchObject({ code: 'key.unavailable' });
  });

  test('what is too old is removed, keys first, and the ledger says so', async () => {
    const opened = await open({ content: 'redacted', key: 'env:ONE', contentDays: 30, recordDays: 90, usageDays: 100 });
    const old = exampleRecord({ at: now });
    await opened.append(old, { request: 'a', response: 'b' });
    await opened.flush();
    now += 30 * DAY;
    await opened.expire();
    expect(await opened.readContent(reader, old.id)).toMatchObject({ request: 'a' });
    now += DAY;
    const young = exampleRecord({ at: now });
    await opened.append(young, { request: 'c', response: 'd' });
    await opened.flush();
    await opened.expire();
    await expect(opened.readContent(reader, old.id)).rejects.toMatchObject({ code: 'storage.missing' });
    expect(await opened.readContent(reader, young.id)).toMatchObject({ request: 'c' });
    expect(await store.db.selectFrom('gateway_content').select('id').execute()).toEqual([{ id: young.id }]);
    expect(await store.db.selectFrom('gateway_content_key').selectAll().execute()).toHaveLength(1);
    now += 60 * DAY;
    await opened.expire();
    expect(await store.db.selectFrom('gateway_exchange').select('id').execute()).toEqual([{ id: young.id }]);
    expect(await opened.usage({ from: 0, to: now, by: [] })).toMatchObject([{ requests: 2 }]);
    now += 20 * DAY;
    await opened.expire();
    expect(await opened.usage({ from: 0, to: now, by: [] })).toMatchObject([{ requests: 1 }]);
    const kinds = (await store.db.selectFrom('ledger').select('kind').orderBy('position').execute()).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['gateway.content-expired', 'gateway.records-expired']));
  });
});

test('the text of a record is canonical JSON, whatever is in it', () => {
  const odd = exampleRecord({
    model: 'a\0b\ud800c',
    session: 'x'.repeat(5_000),
    costMicros: Number.NaN,
    at: 12.5,
    usage: null,
    request: null,
  });
  for (const record of [exampleRecord(), odd]) {
    const text = recordText(record, { key: newId(), sha256: 'ab', cut: false });
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  }
  expect(recordText(odd)).not.toMatch(/\\u0000|\\ud800/);
});
