import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, serve, type Served, type Somebody } from './served.ts';

let served: Served;
let ann: Somebody;

beforeAll(async () => {
  served = await serve();
  ann = await served.person('ann', 'contributor@acme');
  must(await served.admin.push('other/secret', { 'x.txt': 'x' }));
  must(await ann.push('acme/full', { 'config.json': '{}', 'notes.txt': '123' }));
  for (const type of ['model', 'dataset']) {
    for (let number = 0; number < 60; number++) {
      const body = JSON.stringify({ name: `many${number}`, organization: 'acme', type });
      await fetch(`${served.server.url}/hf/api/repos/create`, { method: 'POST', headers: { authorization: `Bearer ${ann.key}` }, body });
    }
  }
}, 60_000);
afterAll(() => served.close());

async function list(address: string): Promise<readonly { readonly id: string; readonly type: string; readonly storage: number }[]> {
  const found = [];
  for (let next: string | undefined = `${served.server.url}/hf${address}`; next !== undefined;) {
    const answer: Response = await fetch(next, { headers: { authorization: `Bearer ${ann.key}` } });
    expect(answer.status).toBe(200);
    found.push(...((await answer.json()) as { id: string; type: string; storage: number }[]));
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return found;
}

test.each(['/api/settings/repositories', '/api/organizations/acme/settings/repositories'])(
  '%s lists what one may read, page by page',
  async (address) => {
    const found = await list(address);
    expect(found).toHaveLength(121);
    expect(new Set(found.map(({ id, type }) => `${type} ${id}`)).size).toBe(121);
    expect(found.find(({ id }) => id === 'acme/full')).toMatchObject({ type: 'model', storage: 5 });
  },
);

test('of a namespace of others nothing is said', async () => {
  expect(await list('/api/organizations/other/settings/repositories')).toEqual([]);
});

test('a refusal is an error with its reason, and a warning for clients that show no reasons', async () => {
  must(await ann.push('acme/full', { 'evil.pkl': "cos\nsystem\n(S'id'\ntR." }, 'bad'));
  const address = `${served.server.url}/hf/acme/full/resolve/bad/evil.pkl`;
  const { status, headers } = await fetch(address, { method: 'HEAD', headers: { authorization: `Bearer ${ann.key}` } });
  expect([status, headers.get('x-error-code')]).toEqual([403, 'GatedRepo']);
  expect(headers.get('x-hf-warning')).toMatch(/^cordon [0-9a-f]{8}; Cordon: the gate .*os\.system/);
});
