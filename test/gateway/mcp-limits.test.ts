import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, McpCallers, request, result, TOOL } from './mcp-callers.ts';
import { event, sayEvents, sayJson } from './raw-mcp-server.ts';

let mcp: McpCallers;

beforeAll(async () => {
  mcp = await McpCallers.start({
    limits: { rules: [{ id: 'few', per: 'principal', requests: { count: 20, per: 'hour' }, concurrency: 1 }] },
  });
  mcp.reset();
});
afterAll(() => mcp?.close());

test('an answer to a server and a stream take no place beside the call that is under way', async () => {
  mcp.says('tools/list', { tools: [TOOL] });
  const session = await mcp.begin();
  await mcp.post(request('tools/list'), session);
  let answered: (() => void) | undefined;
  const before = mcp.server.answer;
  mcp.server.answer = (told, response) => {
    if (told.message?.method === 'tools/call') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(request('roots/list', {}, 'asked')));
      answered = () => response.end(event(result(told.message.id, { content: [] })));
    } else if (told.message?.id === 'asked') answered!();
    else if (told.verb === 'GET') sayEvents(response, ': ok\n\n');
    else return before(told, response);
  };
  const answer = mcp.post(call('echo'), session);
  await expect.poll(() => answered).toBeDefined();
  expect((await mcp.open('GET', undefined, session)).status).toBe(200);
  expect((await mcp.post(request('tools/list', {}, 2), session)).status).toBe(429);
  await expect.poll(async () => (await mcp.post(result('asked', { roots: [] }), session)).status).toBe(202);
  expect((await answer).text).toContain('"content":[]');
});

test('whatever passes counts as a request', async () => {
  mcp.server.answer = ({ verb, message }, response) => {
    if (verb === 'GET') sayEvents(response, ': ok\n\n');
    else if (message?.id !== undefined) sayJson(response, result(message.id, {}));
    else if (verb === 'DELETE') response.writeHead(200).end();
  };
  const session = await mcp.begin(mcp.eve);
  const notification = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };
  for (let count = 0; count < 17; count++) expect((await mcp.post(notification, session, mcp.eve)).status).toBe(202);
  for (const status of [200, 200]) expect((await mcp.open('GET', undefined, session, mcp.eve)).status).toBe(status);
  mcp.server.got.length = 0;
  for (const verb of ['POST', 'GET', 'DELETE']) expect((await mcp.open(verb, notification, session, mcp.eve)).status).toBe(429);
  expect(mcp.server.got).toEqual([]);
});
