import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { type ToolServer, toolServer } from './mcp-server.ts';

let tools: ToolServer;
let stateless: ToolServer;
let served: Served;
const open: Client[] = [];

beforeAll(async () => {
  process.env.CORDON_TEST_MCP_KEY = 'mcp-secret-value';
  [tools, stateless] = await Promise.all([toolServer(), toolServer({ stateless: true, json: true })]);
  served = await serve({
    gateway: {
      mcp: {
        servers: [
          { id: 'tools', url: tools.url, auth: { secret: 'env:CORDON_TEST_MCP_KEY' } },
          { id: 'plain', url: stateless.url, tools: { deny: ['send'] } },
        ],
      },
    },
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  tools.instead = undefined;
  tools.page = 'A plain page.';
});
afterAll(async () => {
  await served?.close();
  await tools?.close();
  await stateless?.close();
});

async function connect(url: string, key = served.admin.key): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
    role: 'assistant',
    model: 'm',
    content: { type: 'text', text: `I heard ${JSON.stringify(params.messages[0]!.content)}` },
  }));
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${key}` } } }) as never,
  );
  open.push(client);
  return client;
}

const through = (id = 'tools'): string => `${served.server.url}/mcp/${id}`;

/** Everything that a client can do, as JSON. */
async function everything(client: Client): Promise<unknown> {
  const steps: unknown[] = [];
  const result = await client.callTool({ name: 'count', arguments: {} }, undefined, { onprogress: (step) => void steps.push(step) });
  return {
    version: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    tools: await client.listTools(),
    echo: await client.callTool({ name: 'echo', arguments: { text: 'Grüße an alle' } }),
    asked: await client.callTool({ name: 'ask', arguments: { question: 'What is the weather?' } }),
    resources: await client.listResources(),
    templates: await client.listResourceTemplates(),
    read: await client.readResource({ uri: 'docs://readme' }),
    item: await client.readResource({ uri: 'docs://items/7' }),
    prompts: await client.listPrompts(),
    prompt: await client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } }),
    ping: await client.ping(),
    wrong: await client.callTool({ name: 'echo', arguments: { text: 7 } }).catch((error: unknown) => String(error)),
    missing: await client.readResource({ uri: 'docs://nothing' }).catch((error: unknown) => String(error)),
    result,
    steps,
  };
}

test('a client sees through the gateway what it sees without it', async () => {
  const direct = await everything(await connect(tools.url));
  expect(await everything(await connect(through()))).toEqual(direct);
  expect(direct).toMatchObject({ steps: [{ progress: 1 }, { progress: 2 }, { progress: 3 }] });
  expect(JSON.stringify(direct)).toContain('The model says: I heard');
  expect(new Set(tools.credentials.slice(-10))).toEqual(new Set(['Bearer mcp-secret-value']));
});
