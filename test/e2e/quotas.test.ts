import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served, type Somebody } from './served.ts';

let served: Served;
let ann: Somebody;

beforeAll(async () => {
  served = await serve({ registry: { quotas: { acme: { bytes: 2_000, repositories: 1 }, mlflow: { repositories: 0 } } } });
  ann = await served.person('ann', 'admin@acme', 'admin@mlflow');
});
afterAll(() => served.close());

async function post(
  path: string,
  body: object,
): Promise<{ readonly status: number; readonly message: string | null; readonly text: string }> {
  const headers = { authorization: `Bearer ${ann.key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${served.server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, message: answer.headers.get('x-error-message'), text: await answer.text() };
}

test('each protocol says in its own form that a quota is used up', async () => {
  const pushed = await ann.push('acme/a', { 'a.txt': 'x'.repeat(3_000) });
  expect(pushed.status).toBe(413);
  expect(pushed.body.error).toContain('of the 2000 bytes it may hold');
  expect((await ann.push('acme/a', { 'a.txt': 'small' })).status).toBe(200);
  const batch = await post('/hf/acme/a.git/info/lfs/objects/batch', {
    operation: 'upload',
    objects: [{ oid: 'a'.repeat(64), size: 5_000 }],
  });
  expect(batch).toMatchObject({ status: 413, message: expect.stringContaining('2000') });
  expect(await post('/hf/api/repos/create', { name: 'b', organization: 'acme' })).toMatchObject({
    status: 403,
    message: expect.stringContaining('acme may have 1 repositories'),
  });
  const registered = await post('/mlflow/api/2.0/mlflow/registered-models/create', { name: 'm' });
  expect(registered.status).toBe(403);
  expect(JSON.parse(registered.text)).toMatchObject({
    error_code: 'PERMISSION_DENIED',
    message: expect.stringContaining('mlflow may have 0'),
  });
});
