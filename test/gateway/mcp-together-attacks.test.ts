import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { call, request, result, TOOL } from './mcp-callers.ts';
import { event, GREETING, type RawMcpServer, rawMcpServer, sayEvents, sayJson } from './raw-mcp-server.ts';

let one: RawMcpServer;
let two: RawMcpServer;
let served: Served;

const notice = (method: string, params: object) => ({ jsonrpc: '2.0', method: `notifications/${method}`, params });
const QUESTION = request('elicitation/create', { message: 'Which room?', requestedSchema: { type: 'object', properties: {} } }, 7);

beforeAll(async () => {
  [one, two] = await Promise.all([rawMcpServer(), rawMcpServer()]);
  served = await serve({
    gateway: {
      mcp: {
        waitMs: 1_000,
        servers: [
          { id: 'one', url: one.url },
          { id: 'two', url: two.url },
        ],
      },
    },
  });
});
afterAll(async () => {
  await served?.close();
  await Promise.all([one?.close(), two?.close()]);
});
beforeEach(() => {
  for (const server of [one, two]) {
    server.got.length = 0;
    server.greeting = { ...GREETING, capabilities: { tools: {}, resources: {}, logging: {} } };
    server.answer = ({ message }, response) => {
      if (message?.id === undefined || message.method === undefined) return;
      const said = message.method === 'tools/list' ? { tools: [TOOL] } : { content: [{ type: 'text', text: 'done' }] };
      sayJson(response, result(message.id, said));
    };
  }
});

function open(verb: string, message: unknown, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  return fetch(`${served.server.url}/mcp`, {
    method: verb,
    headers: {
      authorization: `Bearer ${served.admin.key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    ...(verb === 'POST' && { body: JSON.stringify(message) }),
    ...(signal !== undefined && { signal }),
  });
}

async function post(message: unknown, headers: Record<string, string> = {}): Promise<{ status: number; text: string; session: string }> {
  const response = await open('POST', message, headers);
  return { status: response.status, text: await response.text(), session: response.headers.get('mcp-session-id') ?? '' };
}

async function begin(): Promise<Record<string, string>> {
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: { elicitation: {}, sampling: {} },
    clientInfo: { name: 'c', version: '1' },
  };
  return { 'mcp-session-id': (await post(request('initialize', params, 0))).session };
}

/** What a client gets on the stream of all servers while one of them says something, up to its last message. */
async function heard(session: Record<string, string>, server: RawMcpServer, said: readonly object[], before = ''): Promise<string> {
  const last = notice('message', { level: 'info', data: `last-${said.length}` });
  const usual = server.answer;
  server.answer = (told, response) => {
    if (told.verb !== 'GET') return usual(told, response);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`${before}${[...said, last].map((message) => event(message)).join('')}`);
  };
  const stop = new AbortController();
  const response = await open('GET', undefined, session, stop.signal);
  let text = '';
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(piece).toString();
    if (text.includes(`last-${said.length}`)) break;
  }
  stop.abort();
  server.answer = usual;
  return text;
}

const idIn = (text: string): string => /"id":"(cordon-\d+)"/.exec(text)![1]!;

describe('one server has no part in what another one was asked or asks', () => {
  test('it cannot take back a question of another, nor answer for the client', async () => {
    const session = await begin();
    const id = idIn(await heard(session, one, [QUESTION]));
    for (const requestId of [id, 7, 'x'])
      expect(await heard(session, two, [notice('cancelled', { requestId })])).not.toContain('cancelled');
    expect((await post(result(id, { action: 'accept', content: { room: 'for-one' } }), session)).status).toBe(202);
    expect(one.got.map(({ text }) => text).join('')).toContain('for-one');
    expect(two.got.map(({ text }) => text).join('')).not.toContain('for-one');
    expect(await heard(session, one, [QUESTION, notice('cancelled', { requestId: 7 })])).toMatch(/cancelled.*"requestId":"cordon-\d+"/);
  });

  test('questions without end make nobody forget those of another', async () => {
    const session = await begin();
    const id = idIn(await heard(session, one, [QUESTION]));
    await heard(
      session,
      two,
      Array.from({ length: 1_200 }, (_, at) => request('roots/list', {}, at)),
    );
    expect((await post(result(id, { action: 'decline' }), session)).status).toBe(202);
  });

  test('progress is told by whom it was asked of', async () => {
    const session = await begin();
    await post(call('one__echo', { arguments: {}, _meta: { progressToken: 5 } }, 5), session);
    const forged = notice('progress', { progressToken: 5, progress: 1 });
    expect(await heard(session, two, [forged, notice('progress', { progressToken: 'x', progress: 1 })])).not.toContain('progressToken');
    expect(await heard(session, one, [forged])).toContain('progressToken');
    await post(request('tools/list', { _meta: { progressToken: 6 } }, 6), session);
    for (const server of [one, two])
      expect(await heard(session, server, [notice('progress', { progressToken: 6, progress: 1 })])).toContain('progressToken');
  });

  test('a visit is over when whoever asked for it says so', async () => {
    const session = await begin();
    const visit = { mode: 'url', message: 'Sign in.', url: 'https://one.example/', elicitationId: 'visit-1' };
    await heard(session, one, [request('elicitation/create', visit, 8)]);
    const over = notice('elicitation/complete', { elicitationId: 'visit-1' });
    expect(await heard(session, two, [over])).not.toContain('elicitation/complete');
    expect(await heard(session, one, [over])).toContain('elicitation/complete');
  });

  test('it does not say when the client comes back to all', async () => {
    const session = await begin();
    expect(await heard(session, two, [], 'retry: 900000\ndata: {"jsonrpc":"2.0","method":"notifications/x"}\n\n')).not.toContain('retry');
    const usual = two.answer;
    two.answer = (told, response) => {
      if (told.message?.method !== 'tools/call') return usual(told, response);
      sayEvents(response, `retry: 900000\n${event(result(told.message.id, { content: [] }))}`);
    };
    expect((await post(call('two__echo', { arguments: {} }, 9), session)).text).toContain('retry: 10000\n');
  });
});

describe('one server that misbehaves keeps nobody from the others', () => {
  test('it hears that the session has begun, and says nothing', async () => {
    const usual = two.answer;
    two.answer = (told, response) => {
      if (told.message?.method !== 'notifications/initialized') return usual(told, response);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(' ');
    };
    const began = performance.now();
    const session = await begin();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect((await post(request('tools/list'), session)).text).toContain('one__echo');
  });

  test('it says more beside its list than anybody reads', async () => {
    const session = await begin();
    const usual = two.answer;
    const noise = event(notice('message', { level: 'info', data: 'x' })).repeat(50_000);
    two.answer = (told, response) => {
      if (told.message?.method !== 'tools/list') return usual(told, response);
      sayEvents(response, `${noise}${event(result(told.message.id, { tools: [TOOL] }))}`);
    };
    const { text } = await post(request('tools/list'), session);
    expect(text).toContain('one__echo');
    expect(text).toContain('says more beside its answer');
    expect(text.length).toBeLessThan(100_000);
  });
});
