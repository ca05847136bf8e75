import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeShard, makeXorb } from '../makers/xet.ts';
import { must, serve, type Served, type Somebody } from './served.ts';

/** A file that came by Xet, and what somebody who may not have it tries. */
const CONTENT = Buffer.concat([Buffer.alloc(16), randomBytes(600_000)]);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const XORB = makeXorb(CONTENT, 'lz4');
const REPOSITORY = 'acme/xet';

let served: Served;
let ann: Somebody;
let eve: Somebody;

beforeAll(async () => {
  served = await serve();
  ann = await served.person('ann', 'approver@acme');
  eve = await served.person('eve', 'approver@evil');
  await upload(ann, REPOSITORY, 'weights.bin');
  await upload(eve, 'evil/own', 'weights.bin');
});
afterAll(() => served.close());

interface Session {
  readonly casUrl: string;
  readonly accessToken: string;
}

function hub(who: Somebody, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${served.server.url}/hf${path}`, { ...init, headers: { authorization: `Bearer ${who.key}`, ...init.headers } });
}

async function session(who: Somebody, repository: string, kind: 'read' | 'write', revision = 'main'): Promise<Session> {
  const answer = await hub(who, `/api/models/${repository}/xet-${kind}-token/${revision}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Session;
}

function cas({ casUrl, accessToken }: Session, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${casUrl}${path}`, { ...init, headers: { authorization: `Bearer ${accessToken}`, ...init.headers } });
}

async function upload(who: Somebody, repository: string, path: string): Promise<void> {
  must(await who.push(repository, { 'config.json': '{}' }));
  const writing = await session(who, repository, 'write');
  expect((await cas(writing, `/v1/xorbs/default/${XORB.hash}`, { method: 'POST', body: XORB.bytes })).status).toBe(200);
  const shard = makeShard([{ sha256: SHA256, terms: [{ xorb: XORB, start: 0, end: XORB.chunks.length }] }]);
  expect((await cas(writing, '/v1/shards', { method: 'POST', body: shard })).status).toBe(200);
  const lines = [
    { key: 'header', value: { summary: 'by Xet' } },
    { key: 'lfsFile', value: { path, algo: 'sha256', oid: SHA256, size: CONTENT.length } },
  ];
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  const answer = await hub(who, `/api/models/${repository}/commit/main`, { method: 'POST', body });
  expect(answer.status).toBe(200);
}

async function hashOf(who: Somebody, repository: string): Promise<string> {
  const answer = await hub(who, `/${repository}/resolve/main/weights.bin`, { method: 'HEAD' });
  expect(answer.status).toBe(200);
  return answer.headers.get('x-xet-hash') ?? '';
}

interface Made {
  readonly offset_into_first_range: number;
  readonly terms: readonly { readonly hash: string; readonly range: { readonly start: number; readonly end: number } }[];
  readonly fetch_info: Readonly<
    Record<string, readonly { readonly url: string; readonly url_range: { readonly start: number; readonly end: number } }[]>
  >;
}

async function made(reading: Session, hash: string, range?: string): Promise<Made> {
  const answer = await cas(reading, `/v1/reconstructions/${hash}`, range === undefined ? {} : { headers: { range } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Made;
}

describe('a file that came by Xet', () => {
  test('says where it is, in headers and as a document', async () => {
    const head = await hub(ann, `/${REPOSITORY}/resolve/main/weights.bin`, { method: 'HEAD' });
    const link = head.headers.get('link') ?? '';
    expect(head.headers.get('x-xet-hash')).toMatch(/^[0-9a-f]{64}$/);
    expect(link).toMatch(
      /<([^>]+xet-read-token\/[0-9a-f]{40})>; rel="xet-auth", <[^>]+\/v1\/reconstructions\/[0-9a-f]{64}>; rel="xet-reconstruction-info"/,
    );
    const described = await hub(ann, `/${REPOSITORY}/resolve/main/weights.bin`, {
      headers: { accept: 'application/vnd.xet-fileinfo+json, */*', range: 'bytes=0-0' },
    });
    expect(described.headers.get('content-type')).toContain('application/vnd.xet-fileinfo+json');
    expect(described.headers.get('x-linked-size')).toBe(String(CONTENT.length));
    expect(await described.json()).toMatchObject({ hash: head.headers.get('x-xet-hash') });
  });

  test('a file that did not is served as ever', async () => {
    const head = await hub(ann, `/${REPOSITORY}/resolve/main/config.json`, { method: 'HEAD' });
    expect([head.status, head.headers.get('x-xet-hash'), head.headers.get('link')]).toEqual([200, null, null]);
  });

  test('is told in both forms, of which each address gives the same bytes', async () => {
    const reading = await session(ann, REPOSITORY, 'read');
    const hash = await hashOf(ann, REPOSITORY);
    const [entry] = Object.values((await made(reading, hash)).fetch_info).flat();
    const two = (await (await cas(reading, `/v2/reconstructions/${hash}`)).json()) as {
      readonly xorbs: Readonly<Record<string, readonly { readonly url: string; readonly ranges: readonly unknown[] }[]>>;
    };
    const [other] = Object.values(two.xorbs).flat();
    expect(other?.ranges).toEqual([{ chunks: { start: 0, end: XORB.chunks.length }, bytes: entry?.url_range }]);
    const bytes = await Promise.all([entry, other].map(async (one) => Buffer.from(await (await fetch(one?.url ?? '')).arrayBuffer())));
    expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(true);
    expect(bytes[0]?.length).toBe(CONTENT.length + 8 * XORB.chunks.length);
    const part = await fetch(entry?.url ?? '', { headers: { range: 'bytes=8-1007' } });
    expect([part.status, Buffer.from(await part.arrayBuffer()).equals(CONTENT.subarray(0, 1_000))]).toEqual([206, true]);
  });

  test('parts of it: what lies beyond its end is not satisfiable', async () => {
    const reading = await session(ann, REPOSITORY, 'read');
    const hash = await hashOf(ann, REPOSITORY);
    const last = await made(reading, hash, `bytes=${CONTENT.length - 1}-${CONTENT.length + 1_000_000}`);
    expect(last.terms.at(-1)?.range).toEqual({ start: XORB.chunks.length - 1, end: XORB.chunks.length });
    for (const range of [`bytes=${CONTENT.length}-`, 'bytes=999999999999999-']) {
      expect((await cas(reading, `/v2/reconstructions/${hash}`, { headers: { range } })).status).toBe(416);
    }
    for (const range of ['bytes=5-1', 'bytes=-', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=99999999999999999999-']) {
      expect((await made(reading, hash, range)).terms).toHaveLength(1);
    }
  });
});

describe('what is refused', () => {
  test('hashes that are none, or of nothing here', async () => {
    const reading = await session(ann, REPOSITORY, 'read');
    for (const hash of ['0'.repeat(64), SHA256, XORB.hash.toUpperCase(), 'a'.repeat(63), '..%2f..%2f', `${'a'.repeat(64)}%00`]) {
      expect((await cas(reading, `/v1/reconstructions/${hash}`)).status).toBeGreaterThanOrEqual(400);
    }
  });

  test('tokens for uploads, of others, for other repositories, and no tokens', async () => {
    const hash = await hashOf(ann, REPOSITORY);
    const mine = await session(ann, REPOSITORY, 'read');
    const writing = await session(ann, REPOSITORY, 'write');
    const hers = await session(eve, 'evil/own', 'read');
    const ask = async (casUrl: string, accessToken: string): Promise<number> =>
      (await cas({ casUrl, accessToken }, `/v1/reconstructions/${hash}`)).status;
    expect(await ask(mine.casUrl, mine.accessToken)).toBe(200);
    for (const token of [writing.accessToken, hers.accessToken, eve.key, ann.key, '', `${mine.accessToken}x`]) {
      expect(await ask(mine.casUrl, token)).toBe(401);
    }
    expect(await ask(hers.casUrl, mine.accessToken)).toBe(401);
    const shard = { method: 'POST', body: makeShard([{ sha256: undefined, terms: [] }]) };
    expect((await cas(mine, '/v1/shards', shard)).status).toBe(401);
    expect((await hub(eve, `/api/models/${REPOSITORY}/xet-read-token/main`)).status).toBe(404);
  });

  test('addresses of chunks that were changed, or lead to another repository', async () => {
    const hash = await hashOf(ann, REPOSITORY);
    const [entry] = Object.values((await made(await session(ann, REPOSITORY, 'read'), hash)).fetch_info).flat();
    const url = entry?.url ?? '';
    expect((await fetch(url, { headers: { range: 'bytes=999999999-' } })).status).toBe(416);
    const hers = await session(eve, 'evil/own', 'read');
    const ticket = url.slice(url.lastIndexOf('/') + 1);
    const [text = '', signature = ''] = ticket.split('.');
    const sealed = JSON.parse(Buffer.from(text, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...sealed, principal: 'eve' })).toString('base64url');
    for (const one of [
      `${hers.casUrl}/bytes/${ticket}`,
      `${url}x`,
      url.replace(ticket, `${forged}.${signature}`),
      url.replace(ticket, 'x'),
    ]) {
      expect((await fetch(one)).status).toBe(403);
    }
  });

  test('a recall counts for tokens and addresses that were given out before', async () => {
    const hash = await hashOf(ann, REPOSITORY);
    const reading = await session(ann, REPOSITORY, 'read');
    const [entry] = Object.values((await made(reading, hash)).fetch_info).flat();
    const recalled = await ann.api('POST', `/repositories/model/${REPOSITORY}/revisions/main/recall`, { reason: 'poisoned' });
    must(recalled);
    const answers = [await cas(reading, `/v1/reconstructions/${hash}`), await fetch(entry?.url ?? '')];
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    const token = await hub(ann, `/api/models/${REPOSITORY}/xet-read-token/main`);
    expect([token.status, token.headers.get('x-error-code')]).toEqual([403, 'GatedRepo']);
    expect(token.headers.get('x-error-message')).toContain('poisoned');
    expect((await hub(ann, `/${REPOSITORY}/resolve/main/weights.bin`, { method: 'HEAD' })).status).toBe(403);
    // The same files elsewhere, where ann may not recall, stay.
    expect(await hashOf(eve, 'evil/own')).toBe(hash);
  });

  test('who may read no more, although the addresses have not ended', async () => {
    const hash = await hashOf(eve, 'evil/own');
    const reading = await session(eve, 'evil/own', 'read');
    const [entry] = Object.values((await made(reading, hash)).fetch_info).flat();
    const keys = must(await eve.api('GET', '/keys')).body as { id: string }[];
    for (const { id } of keys) must(await eve.api('DELETE', `/keys/${id}`));
    const answers = [await cas(reading, `/v1/reconstructions/${hash}`), await fetch(entry?.url ?? '')];
    expect(answers.map(({ status }) => status)).toEqual([401, 403]);
  });
});
