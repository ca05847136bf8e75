import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRepo, downloadFile, listFiles, modelInfo, uploadFiles } from '@huggingface/hub';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noise, serve, type Served } from './served.ts';

interface Hub {
  readonly hubUrl: string;
  readonly accessToken: string;
}

const NAME = 'acme/far';
const repo = { type: 'model', name: NAME } as const;
const large = noise(17 * 1024 * 1024);

function clientOf({ endpoint, key }: Served): Hub {
  return { hubUrl: endpoint, accessToken: `hf_${key}` };
}

function upstream(url: string, more: object = {}): object {
  return {
    registry: {
      upstreams: [{ id: 'far', url, tokenEnv: 'CORDON_TEST_UPSTREAM', allowPrivate: true, checkMinutes: 0, namespaces: ['*'], ...more }],
    },
  };
}

async function textOf(hub: Hub, path: string, revision = 'main', name = NAME): Promise<string> {
  const file = await downloadFile({ ...hub, repo: { type: 'model', name }, path, revision });
  return (await file?.text()) ?? '';
}

describe('another Cordon as the remote hub', () => {
  let far: Served;
  let near: Served;
  beforeAll(async () => {
    far = await serve();
    process.env.CORDON_TEST_UPSTREAM = far.key;
    await createRepo({ ...clientOf(far), repo });
    await uploadFiles({
      ...clientOf(far),
      repo,
      files: [
        { path: 'README.md', content: new Blob(['---\nlicense: mit\n---\n# Far\n']) },
        { path: 'config.json', content: new Blob(['{"model_type": "bert"}']) },
        { path: 'weights/large.dat', content: new Blob([large]) },
        { path: 'old.h5.txt', content: new Blob(['left out']) },
      ],
    });
    near = await serve(upstream(far.endpoint, { curation: { leaveOut: ['.h5.txt'], allowLicences: ['mit'] } }));
  });
  afterAll(async () => {
    delete process.env.CORDON_TEST_UPSTREAM;
    await near?.close();
    await far?.close();
  });

  test('what is not here is fetched, checked and served', async () => {
    const hub = clientOf(near);
    const file = await downloadFile({ ...hub, repo, path: 'weights/large.dat' });
    expect(Buffer.compare(Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0)), large)).toBe(0);
    const paths: string[] = [];
    for await (const { path } of listFiles({ ...hub, repo, recursive: true })) paths.push(path);
    expect(paths).toEqual(['README.md', 'config.json', 'weights', 'weights/large.dat']);
  });

  test('a commit of the remote hub names the revision made of it', async () => {
    const remote = await modelInfo({ ...clientOf(far), name: NAME, additionalFields: ['sha'] });
    expect(await textOf(clientOf(near), 'config.json', remote.sha)).toContain('bert');
  });

  test('what people made here is never taken from elsewhere', async () => {
    const own = 'acme/own';
    await createRepo({ ...clientOf(near), repo: { type: 'model', name: own } });
    await createRepo({ ...clientOf(far), repo: { type: 'model', name: own } });
    await uploadFiles({ ...clientOf(far), repo: { type: 'model', name: own }, files: [{ path: 'x.txt', content: new Blob(['far']) }] });
    expect(await downloadFile({ ...clientOf(near), repo: { type: 'model', name: own }, path: 'x.txt' })).toBeNull();
  });

  test('a new revision is taken over, a dangerous one is refused with the reason', async () => {
    await uploadFiles({ ...clientOf(far), repo, files: [{ path: 'config.json', content: new Blob(['{"model_type": "gpt"}']) }] });
    expect(await textOf(clientOf(near), 'config.json')).toContain('gpt');
    const licence = new Blob(['---\nlicense: other\n---\n']);
    await uploadFiles({ ...clientOf(far), repo, files: [{ path: 'README.md', content: licence }] });
    await expect(textOf(clientOf(near), 'config.json')).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('licence other'),
    });
  });

  test('without the remote hub what was mirrored is served', async () => {
    await uploadFiles({ ...clientOf(far), repo, files: [{ path: 'README.md', content: new Blob(['---\nlicense: mit\n---\n']) }] });
    expect(await textOf(clientOf(near), 'config.json')).toContain('gpt');
    // Why not awaited: it waits for the connections that the other one keeps.
    void far.close();
    expect(await textOf(clientOf(near), 'config.json')).toContain('gpt');
  });
});

describe('a hostile remote hub', () => {
  const COMMIT = 'c'.repeat(40);
  const GOOD = Buffer.from('{"model_type": "bert"}');
  let server: Server | undefined;
  let near: Served | undefined;
  afterEach(async () => {
    await near?.close();
    server?.closeAllConnections();
    await new Promise((done) => server?.close(done));
  });

  async function from(
    files: readonly object[],
    content: Buffer,
    curation: object = {},
    more?: (request: IncomingMessage, response: ServerResponse) => boolean,
  ) {
    server = createServer((request, response) => {
      if (more?.(request, response) === true) return;
      const url = request.url ?? '';
      if (url.includes('/revision/')) response.end(JSON.stringify({ id: NAME, sha: COMMIT, lastModified: new Date().toISOString() }));
      else if (url.includes('/tree/')) response.end(JSON.stringify(files));
      else response.end(content);
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    near = await serve(upstream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { curation }));
    return clientOf(near);
  }

  function lfs(path: string, content: Buffer): object {
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { type: 'file', path, size: content.length, oid: 'd'.repeat(40), lfs: { oid: sha256, size: content.length, pointerSize: 130 } };
  }

  test('other bytes than announced are not served', async () => {
    const hub = await from([lfs('a.bin', GOOD)], Buffer.from('{"model_type": "evil"}'));
    await expect(textOf(hub, 'a.bin')).rejects.toMatchObject({ statusCode: 403 });
  });

  test('more bytes than announced are not read', async () => {
    const hub = await from([{ type: 'file', path: 'a.txt', size: 3, oid: 'e'.repeat(40) }], randomBytes(100_000));
    await expect(textOf(hub, 'a.txt')).rejects.toMatchObject({ statusCode: 403 });
  });

  test.each(['../a.txt', '/etc/passwd', 'a/.git/config', 'C:/a'])('the path %s is refused', async (path) => {
    const hub = await from([lfs(path, GOOD)], GOOD);
    await expect(textOf(hub, 'a.txt')).rejects.toMatchObject({ statusCode: 403 });
  });

  test('its token goes nowhere else, also not with the next page', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('[]');
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    const { port } = elsewhere.address() as AddressInfo;
    process.env.CORDON_TEST_UPSTREAM = 'secret';
    const hub = await from([], GOOD, {}, (request, response) => {
      if (!(request.url ?? '').includes('/tree/')) return false;
      response.setHeader('Link', `<http://127.0.0.1:${port}/more>; rel="next"`);
      response.end('[]');
      return true;
    });
    await expect(textOf(hub, 'a.txt')).rejects.toMatchObject({ statusCode: 403 });
    expect(seen).toEqual([]);
    delete process.env.CORDON_TEST_UPSTREAM;
    await new Promise((done) => elsewhere.close(done));
  });

  test('a private file whose digest it knows is not given to readers of the mirror', async () => {
    const secret = Buffer.from('{"private": "weights"}');
    const hub = await from([lfs('loot.json', secret)], Buffer.from('{"wrong": "contents_"}'));
    const own = { type: 'model', name: 'private/model' } as const;
    await createRepo({ ...hub, repo: own });
    await uploadFiles({ ...hub, repo: own, files: [{ path: 'w.json', content: new Blob([secret]) }] });
    await expect(textOf(hub, 'loot.json')).rejects.toMatchObject({ statusCode: 403 });
  });

  test.each([
    [{ denyPublishers: ['acme'] }, 'publisher'],
    [{ allowPublishers: ['other'] }, 'publisher'],
    [{ minAgeDays: 7 }, '0 days old'],
    [{ allowLicences: ['mit'] }, 'licence'],
    [{ maxBytes: 10 }, 'bytes'],
    [{ denyFormats: ['.json'] }, 'format'],
  ])('curation %j says why', async (curation, reason) => {
    const hub = await from([lfs('a.json', GOOD)], GOOD, curation);
    await expect(textOf(hub, 'a.json')).rejects.toMatchObject({ statusCode: 403, message: expect.stringContaining(reason) });
  });
});
