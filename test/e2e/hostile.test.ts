import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, serve, type Served, type Somebody } from './served.ts';

let served: Served;
let ann: Somebody;
let eve: Somebody;

beforeAll(async () => {
  served = await serve();
  ann = await served.person('ann', 'approver@acme');
  eve = await served.person('eve', 'contributor@evil');
  const nested = Array.from({ length: 60 }, (_, depth) => `d${depth}`).join('/');
  must(await ann.push('acme/bert', { 'config.json': '{}', 'a/b/c.json': '{}', 'a-b.json': '{}', [`${nested}/x.json`]: '{}' }));
});
afterAll(() => served.close());

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request of the Hub API; the body may come in pieces, without its length. */
function hub(who: Somebody, method: string, path: string, body?: string | Iterable<string>, type = 'application/json'): Promise<Raw> {
  return new Promise((settled, failed) => {
    const headers = { authorization: `Bearer ${who.key}`, 'content-type': type };
    const sent = request(`${served.server.url}/hf${path}`, { method, headers }, (response) => {
      let text = '';
      response.on('data', (bytes: Buffer) => (text += bytes.toString()));
      response.on('end', () => settled({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', failed);
    if (typeof body === 'string') sent.end(body);
    else {
      for (const piece of body ?? []) sent.write(piece);
      sent.end();
    }
  });
}

describe('names that every object has', () => {
  test.each(['constructor', '__proto__', 'toString'])('%s is no type and no order', async (name) => {
    const made = await hub(ann, 'POST', '/api/repos/create', JSON.stringify({ name: 'acme/x', type: name }));
    expect(made.status).toBe(400);
    expect((await hub(ann, 'GET', `/api/models?sort=${name}`)).status).toBe(200);
  });
});

describe('requests that ask for too much', () => {
  test('a listing goes through long trees page by page and loses nothing', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/api/models/acme/bert/tree/main?recursive=true&limit=7';
    while (path !== undefined) {
      const { headers, text } = await hub(ann, 'GET', path);
      seen.push(...(JSON.parse(text) as { path: string }[]).map((entry) => entry.path));
      const next = /<([^>]+)>/.exec(String(headers['link'] ?? ''))?.[1];
      path = next === undefined ? undefined : next.slice(next.indexOf('/api/'));
    }
    expect(seen).toHaveLength(new Set(seen).size);
    expect(seen.slice(0, 5)).toEqual(['a-b.json', 'a', 'a/b', 'a/b/c.json', 'config.json']);
    expect(seen).toHaveLength(5 + 60 + 1);
  });

  test('one folder lists what is in it, and a folder that is not there is none', async () => {
    const paths = async (at: string): Promise<string[]> =>
      (JSON.parse((await hub(ann, 'GET', `/api/models/acme/bert/tree/main/${at}`)).text) as { path: string }[]).map(({ path }) => path);
    expect(await paths('')).toEqual(['a-b.json', 'a', 'config.json', 'd0']);
    expect(await paths('a')).toEqual(['a/b']);
    expect((await hub(ann, 'GET', '/api/models/acme/bert/tree/main/none')).status).toBe(404);
  });

  test('a hundred thousand paths at once are refused', async () => {
    const paths = Array.from({ length: 100_000 }, (_, number) => `p${number}`);
    const answer = await hub(ann, 'POST', '/api/models/acme/bert/paths-info/main', JSON.stringify({ paths }));
    expect(answer.status).toBe(400);
  });

  test('a line of a commit that does not end is refused before it fills the memory', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    function* endless(): Generator<string> {
      yield '{"key":"header","value":{"summary":"';
      for (let number = 0; number < 40; number++) yield piece;
      yield '"}}\n';
    }
    const answer = await hub(ann, 'POST', '/api/models/acme/bert/commit/main', endless(), 'application/x-ndjson');
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('line');
  });
});

test('a file is never taken for a page', async () => {
  const { headers } = await hub(ann, 'GET', '/acme/bert/resolve/main/config.json');
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-type': 'application/octet-stream' });
});

describe('who may not, learns nothing', () => {
  test.each([
    ['POST', '/keys', (name: string) => ({ name: 'x', principal: name })],
    ['POST', '/roles', (name: string) => ({ holder: name, role: 'reader', on: 'evil' })],
    ['POST', '/roles/revoke', (name: string) => ({ holder: name, role: 'reader', on: 'evil' })],
  ] as const)('%s %s says the same of somebody and of nobody', async (method, path, body) => {
    const [somebody, nobody] = [await eve.api(method, path, body('ann')), await eve.api(method, path, body('nobody'))];
    expect(nobody).toEqual(somebody);
    expect(nobody.status).toBe(403);
  });

  test('so does shutting out', async () => {
    const [somebody, nobody] = [
      await eve.api('POST', '/principals/ann/disabled', { disabled: true }),
      await eve.api('POST', '/principals/nobody/disabled', { disabled: true }),
    ];
    expect(nobody).toEqual(somebody);
    expect(nobody.status).toBe(403);
  });
});
