import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, serve, type Served, type Somebody } from './served.ts';

const REPOSITORY = 'acme/signed';

let served: Served;
let ann: Somebody;
let eve: Somebody;

beforeAll(async () => {
  served = await serve();
  ann = await served.person('ann', 'approver@acme');
  eve = await served.person('eve', 'approver@evil');
  must(await ann.push(REPOSITORY, { 'config.json': '{}' }));
  must(await ann.pull(REPOSITORY, 'main', 'config.json'));
  must(await ann.api('POST', `/repositories/model/${REPOSITORY}/versions`, {}));
});
afterAll(() => served.close());

interface Listed {
  readonly path: string;
  readonly byRegistry: boolean;
}

function hub(who: Somebody, path: string, method = 'GET'): Promise<Response> {
  return fetch(`${served.server.url}/hf${path}`, { method, headers: { authorization: `Bearer ${who.key}` } });
}

async function listed(query = 'securityStatus=true'): Promise<readonly Listed[]> {
  const { securityRepoStatus } = (await (await hub(ann, `/api/models/${REPOSITORY}?${query}`)).json()) as {
    readonly securityRepoStatus?: { readonly cordon: { readonly admission: string; readonly attestations: readonly Listed[] } };
  };
  return securityRepoStatus?.cordon.attestations ?? [];
}

test('who asks for the security of a repository hears what was signed about it, and fetches it as files', async () => {
  await expect.poll(async () => (await listed()).length, { timeout: 10_000 }).toBe(1);
  expect(await listed('expand=securityRepoStatus')).toHaveLength(1);
  expect(await listed('blobs=true')).toEqual([]);
  const [{ path = '', byRegistry = false } = {}] = await listed();
  expect(byRegistry).toBe(true);
  const answer = await hub(ann, `/${REPOSITORY}/resolve/main/${path}`);
  const body = await answer.text();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('etag')).toBe(`"${createHash('sha256').update(body).digest('hex')}"`);
  expect(answer.headers.get('x-repo-commit')).toMatch(/^[0-9a-f]{40}$/);
  expect(JSON.parse(body)).toHaveProperty('dsseEnvelope');
  const head = await hub(ann, `/${REPOSITORY}/resolve/main/${path}`, 'HEAD');
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(Buffer.byteLength(body))]);
  const info = (await (await hub(ann, `/api/models/${REPOSITORY}?securityStatus=true`)).json()) as { securityRepoStatus: object };
  expect(info.securityRepoStatus).toMatchObject({ cordon: { admission: 'admitted', versions: [{ version: 1 }] } });
});

test('it is in no listing, and nobody can put a file in its place', async () => {
  const tree = (await (await hub(ann, `/api/models/${REPOSITORY}/tree/main?recursive=true`)).json()) as { path: string }[];
  expect(tree.map((entry) => entry.path)).toEqual(['config.json']);
  const [one] = await listed();
  for (const path of [one?.path ?? '', '.cordon/x.json', '.CORDON/attestations/x.json']) {
    expect((await ann.push(REPOSITORY, { [path]: 'forged' })).status).toBe(400);
  }
});

test('not by strangers, not under another name, not of what a gate refuses', async () => {
  const [one] = await listed();
  const path = one?.path ?? '';
  expect((await eve.pull(REPOSITORY, 'main', path)).status).toBe(404);
  for (const other of ['.cordon/attestations/', '.cordon/attestations/../x', `${path}x`, `.cordon/attestations/${'0'.repeat(64)}.json`]) {
    expect((await ann.pull(REPOSITORY, 'main', other)).status).toBe(404);
  }
  must(await ann.push(REPOSITORY, { 'evil.pkl': "cos\nsystem\n(S'id'\ntR." }, 'bad'));
  expect((await ann.pull(REPOSITORY, 'bad', path)).status).toBe(403);
  must(await ann.api('POST', `/repositories/model/${REPOSITORY}/revisions/main/recall`, { reason: 'poisoned' }));
  expect((await ann.pull(REPOSITORY, 'main', path)).status).toBe(403);
});
