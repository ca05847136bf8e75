import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelsDiffCommand, modelsListCommand, modelsShowCommand } from '../../src/cli/registry/models.ts';
import { must, serve, type Served, type Somebody } from './served.ts';

let served: Served;
let ann: Somebody;
let stranger: Somebody;

beforeAll(async () => {
  served = await serve();
  ann = await served.person('ann', 'approver@acme');
  stranger = await served.person('stranger', 'reader@other');
  must(await ann.push('acme/bert', { 'config.json': '{"a": 1}', 'old.txt': 'old' }));
  must(await ann.api('POST', '/repositories/model/acme/bert/versions', {}));
  must(await ann.push('acme/bert', { 'config.json': '{"a": 2}', 'new.txt': 'new' }));
  must(await ann.push('acme/other', { 'a.txt': 'a' }));
});
afterAll(() => served?.close());

async function run(who: Somebody, command: (io: never) => Promise<number>): Promise<{ code: number; out: string }> {
  let out = '';
  const stream = { write: (text: string) => (out += text) };
  const io = { stdout: stream, stderr: stream, cwd: '.', env: { CORDON_SERVER: served.server.url, CORDON_TOKEN: who.key } };
  return { code: await command(io as never), out };
}

test('models are listed to who may read them', async () => {
  expect((await run(ann, (io) => modelsListCommand(undefined, {}, io))).out).toMatch(/^acme\/bert .*\nacme\/other /);
  expect((await run(ann, (io) => modelsListCommand('othe', {}, io))).out).toMatch(/^acme\/other [^\n]*\n$/);
  expect(await run(stranger, (io) => modelsListCommand(undefined, {}, io))).toEqual({ code: 0, out: '' });
});

test('a model is shown with files, admission and versions', async () => {
  const { code, out } = await run(ann, (io) => modelsShowCommand('acme/bert@1', {}, io));
  expect(code).toBe(0);
  expect(out).toMatch(/^acme\/bert at [0-9a-f]{40}: admitted\n/);
  expect(out).toMatch(/config\.json\n/);
  expect(out).toMatch(/ version 1: admitted, sealed /);
  await expect(run(stranger, (io) => modelsShowCommand('acme/bert', {}, io))).rejects.toMatchObject({ code: 'repository.missing' });
});

test('two revisions are compared by digest', async () => {
  const { code, out } = await run(ann, (io) => modelsDiffCommand('acme/bert@1', 'acme/bert', {}, io));
  expect(code).toBe(1);
  expect(out).toMatch(/^changed {2}config\.json {2}[0-9a-f]{12} 8 B -> [0-9a-f]{12} 8 B\nadded {2}new\.txt {2}[0-9a-f]{12} 3 B\n$/);
  expect(await run(ann, (io) => modelsDiffCommand('acme/bert@1', 'acme/bert@v1', {}, io))).toEqual({ code: 0, out: 'the same files\n' });
});

test('the start page says what runs, to anybody, without scripts', async () => {
  const answer = await fetch(`${served.server.url}/`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  expect(await answer.text()).toContain(`export HF_ENDPOINT=${served.server.url}/hf`);
});
