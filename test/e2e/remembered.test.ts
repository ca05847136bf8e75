import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, serve, type Served, type Somebody, somebody } from './served.ts';

let folder: string;
let first: Served;
let second: Served;
let ann: Somebody;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-e2e-remembered-'));
  first = await serve({}, join(folder, 'first'));
  // As two machines with one database and the same keys.
  await mkdir(join(folder, 'second'));
  for (const key of ['ledger.key', 'signing.key', 'ticket.key']) await copyFile(join(folder, 'first', key), join(folder, 'second', key));
  const shared = { database: join(folder, 'first', 'cordon.db'), blobs: join(folder, 'first', 'blobs') };
  second = await serve({ server: shared }, join(folder, 'second'), first.admin.key);
  ann = await first.person('ann', 'admin@acme');
});
afterAll(async () => {
  await first.close();
  await second.close();
  await rm(folder, { recursive: true, force: true });
});

const on = ({ server }: Served, { key }: Somebody): Somebody => somebody(server.url, key);
const fetched = async (who: Somebody, repository: string): Promise<number> => (await who.pull(repository, 'main', 'a.txt')).status;

/** A repository whose file was fetched from both servers so often that both remember everything about it. */
async function warmed(repository: string): Promise<void> {
  must(await ann.push(repository, { 'a.txt': 'one' }));
  for (let round = 0; round < 3; round++)
    for (const server of [first, second]) must(await on(server, ann).pull(repository, 'main', 'a.txt'));
}

test('what is remembered is served to nobody else', async () => {
  // Why first: a new person is a change, after which nothing is remembered.
  const bob = await first.person('bob', 'reader@other');
  await warmed('acme/mine');
  for (const server of [first, second]) {
    expect(await fetched(on(server, bob), 'acme/mine')).toBe(404);
    expect(await fetched(somebody(server.server.url, ''), 'acme/mine')).toBe(401);
    expect(await fetched(somebody(server.server.url, 'cordon_no'), 'acme/mine')).toBe(401);
    expect(await fetched(on(server, ann), 'acme/mine')).toBe(200);
  }
});

test('a recall ends it on every server with the next request, and knows every download', async () => {
  await warmed('acme/recalled');
  const { body } = must(await ann.api('POST', '/repositories/model/acme/recalled/revisions/main/recall', { reason: 'test' }));
  for (const server of [first, second]) expect(await fetched(on(server, ann), 'acme/recalled')).toBe(403);
  // Why not all six: the other server writes its own a second later.
  expect(body.pulledBy.reduce((sum: number, { files }: { files: number }) => sum + files, 0)).toBeGreaterThanOrEqual(3);
  must(await on(second, ann).api('DELETE', '/repositories/model/acme/recalled/revisions/main/recall'));
  for (const server of [first, second]) expect(await fetched(on(server, ann), 'acme/recalled')).toBe(200);
});

test('so does a key that is revoked, a role that is taken and a person who is shut out', async () => {
  await warmed('acme/shared');
  const { key, secret } = must(await ann.api('POST', '/keys', { name: 'short' })).body;
  const cat = await first.person('cat', 'reader@acme');
  const dan = await first.person('dan', 'reader@acme');
  const all = [somebody('', secret), cat, dan];
  for (const server of [first, second]) for (const who of all) expect(await fetched(on(server, who), 'acme/shared')).toBe(200);
  must(await ann.api('DELETE', `/keys/${key.id}`));
  for (const server of [second, first]) expect(await fetched(somebody(server.server.url, secret), 'acme/shared')).toBe(401);
  must(await first.admin.api('POST', '/roles/revoke', { holder: 'cat', role: 'reader', on: 'acme' }));
  for (const server of [second, first]) expect(await fetched(on(server, cat), 'acme/shared')).toBe(404);
  must(await first.admin.api('POST', '/principals/dan/disabled', { disabled: true }));
  for (const server of [second, first]) expect(await fetched(on(server, dan), 'acme/shared')).toBe(401);
});

test('a commit, a deleted repository and one that takes its place are seen at once', async () => {
  await warmed('acme/moving');
  must(await ann.push('acme/moving', { 'a.txt': 'two' }));
  for (const server of [second, first]) expect(must(await on(server, ann).pull('acme/moving', 'main', 'a.txt')).body).toBe('two');
  await fetch(`${first.server.url}/hf/api/repos/delete`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${ann.key}` },
    body: JSON.stringify({ organization: 'acme', name: 'moving' }),
  });
  for (const server of [second, first]) expect(await fetched(on(server, ann), 'acme/moving')).toBe(404);
  must(await ann.push('acme/moving', { 'a.txt': 'three' }));
  for (const server of [second, first]) expect(must(await on(server, ann).pull('acme/moving', 'main', 'a.txt')).body).toBe('three');
});
