import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { type FullClient, fullClient, flows, type Names } from './mcp-flows.ts';
import { type FullServer, fullServer } from './mcp-full-server.ts';

let full: FullServer;
let other: FullServer;
let served: Served;
const open: FullClient[] = [];
const SAME: Names = { name: (name) => name, uri: (uri) => uri };
const OF_ALL: Names = { name: (name) => `full__${name}`, uri: (uri) => `full+${uri}` };

beforeAll(async () => {
  [full, other] = await Promise.all([fullServer(), fullServer()]);
  served = await serve({
    gateway: {
      mcp: {
        servers: [
          { id: 'full', url: full.url },
          { id: 'other', url: other.url },
        ],
      },
    },
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await served?.close();
  await Promise.all([full?.close(), other?.close()]);
});

async function connect(url: string, key = served.admin.key): Promise<FullClient> {
  const client = await fullClient(url, key);
  open.push(client);
  return client;
}

let direct: Record<string, unknown> | undefined;

/** What a client sees without the gateway. */
async function directly(): Promise<Record<string, unknown>> {
  direct ??= await flows(await connect(full.url), full, SAME);
  await open.splice(0)[0]?.close();
  return direct;
}

test('every flow of the protocol ends through the gateway as it does without it', async () => {
  const expected = await directly();
  const through = await connect(`${served.server.url}/mcp/full`);
  expect(through.client.getServerVersion()).toEqual({ name: 'full', version: '2.0.0', title: 'Everything' });
  expect(await flows(through, full, SAME)).toEqual(expected);
  expect(expected).toMatchObject({
    add: { structuredContent: { sum: 5 } },
    progress: [{}, [{ progress: 1 }, { progress: 2 }, { progress: 3 }]],
    sampling: { content: [{ text: 'model: {"type":"text","text":"Blue."}' }] },
    elicitation: { content: [{ text: 'user: {"action":"accept","content":{"size":"large"}}' }] },
    cancelled: ['cancelled', true],
    resumed: { content: [{ text: 'after all' }] },
    completion: { completion: { values: ['Ada', 'Alan'] } },
    completedUri: { completion: { values: ['1', '12'] } },
  });
  expect(JSON.stringify(expected.told)).toContain('careful');
  expect(JSON.stringify(expected.told)).toContain('docs://readme');
  expect(JSON.stringify(expected.told)).toContain('tools changed');
});

test('and so it does at the address of all servers, by longer names', async () => {
  const expected = await directly();
  const through = await connect(`${served.server.url}/mcp`);
  const seen = await flows(through, full, OF_ALL);
  // What the other server has stands beside it.
  for (const [flow, key] of [
    ['tools', 'tools'],
    ['resources', 'resources'],
    ['templates', 'resourceTemplates'],
    ['prompts', 'prompts'],
  ] as const) {
    const list = seen[flow] as Record<string, { name: string; uri?: string; uriTemplate?: string }[]>;
    const isOther = (one: { name: string; uri?: string; uriTemplate?: string }): boolean =>
      (one.uri ?? one.uriTemplate ?? one.name).startsWith('other');
    expect(list[key]!.some(isOther)).toBe(true);
    list[key] = list[key]!.filter((one) => !isOther(one));
  }
  const inner = JSON.parse(JSON.stringify(seen).replaceAll('full__', '').replaceAll('full+docs:', 'docs:')) as Record<string, unknown>;
  // Tokens of questions are the gateway's.
  expect(inner).toEqual(JSON.parse(JSON.stringify(expected)));
  expect(JSON.stringify(seen.links)).toContain('full+docs://readme');
  expect(through.client.getServerVersion()).toMatchObject({ name: 'cordon' });
  expect(through.client.getInstructions()).toBe('full: Use what you need.\n\nother: Use what you need.');
  expect(through.client.getServerCapabilities()).toMatchObject({
    tools: { listChanged: true },
    prompts: {},
    resources: { subscribe: true },
    completions: {},
    logging: {},
  });
});
