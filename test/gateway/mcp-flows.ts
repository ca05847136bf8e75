import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { FullServer } from './mcp-full-server.ts';

/** A client that can do everything, and what it was told and asked. */
export interface FullClient {
  readonly client: Client;
  readonly told: unknown[];
  close(): Promise<void>;
}

/** Connects a client of the SDK. */
export async function fullClient(url: string, key = ''): Promise<FullClient> {
  const client = new Client(
    { name: 'flows', version: '1' },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  );
  const told: unknown[] = [];
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
    told.push({ sampling: params });
    return { role: 'assistant', model: 'm', content: { type: 'text', text: 'Blue.' } };
  });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    told.push({ elicitation: params });
    return { action: 'accept', content: { size: 'large' } };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///work', name: 'work' }] }));
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void told.push({ log: params }));
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void told.push({ updated: params }));
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void told.push('tools changed'));
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: key === '' ? {} : { headers: { authorization: `Bearer ${key}` } },
    reconnectionOptions: { initialReconnectionDelay: 20, maxReconnectionDelay: 100, reconnectionDelayGrowFactor: 1, maxRetries: 5 },
  });
  await client.connect(transport as never);
  return { client, told, close: () => client.close() };
}

/** How a client names what a server has. */
export interface Names {
  name(name: string): string;
  uri(uri: string): string;
}

const wait = async (until: () => boolean): Promise<boolean> => {
  for (let turn = 0; turn < 500 && !until(); turn++) await new Promise((settled) => setTimeout(settled, 10));
  return until();
};

/** Everything that a client can do, by the name of the flow. */
export async function flows({ client, told }: FullClient, server: FullServer, { name, uri }: Names): Promise<Record<string, unknown>> {
  const call = (tool: string, given: object = {}, options?: object): Promise<unknown> =>
    client.callTool({ name: name(tool), arguments: given as never }, undefined, options as never);
  const failed = (doing: Promise<unknown>): Promise<unknown> =>
    doing.then(
      () => 'did not fail',
      ({ code }: { code: unknown }) => ({ code }),
    );
  const steps: unknown[] = [];
  const seen: Record<string, unknown> = {};
  seen.tools = await client.listTools();
  seen.add = await call('add', { a: 2, b: 3 });
  seen.wrong = await call('wrong');
  seen.invalid = await failed(
    call('add', { a: 'two' }).then((result) =>
      (result as { isError?: boolean }).isError === true ? Promise.reject({ code: 'tool' }) : result,
    ),
  );
  seen.links = await call('link');
  seen.sameLink = await call('link', { uri: uri('docs://readme') });
  seen.progress = [await call('steps', {}, { onprogress: (step: unknown) => void steps.push(step) }), steps];
  await client.setLoggingLevel('debug');
  seen.logging = await call('says');
  seen.sampling = await call('ask');
  seen.elicitation = await call('form');
  seen.roots = await call('folders');
  const stop = new AbortController();
  const before = server.heard.length;
  const slow = call('slow', {}, { signal: stop.signal }).catch(() => 'cancelled');
  await wait(() => server.heard.includes('slow', before));
  stop.abort();
  seen.cancelled = [await slow, await wait(() => server.heard.includes('cancelled', before))];
  seen.resumed = await call('breaks');
  seen.resources = await client.listResources();
  seen.templates = await client.listResourceTemplates();
  seen.read = await client.readResource({ uri: uri('docs://readme') });
  seen.item = await client.readResource({ uri: uri('docs://items/7') });
  seen.missing = await failed(client.readResource({ uri: uri('docs://nothing') }));
  seen.prompts = await client.listPrompts();
  seen.prompt = await client.getPrompt({ name: name('greet'), arguments: { name: 'Ada' } });
  seen.completion = await client.complete({ ref: { type: 'ref/prompt', name: name('greet') }, argument: { name: 'name', value: 'A' } });
  seen.completedUri = await client.complete({
    ref: { type: 'ref/resource', uri: uri('docs://items/{id}') },
    argument: { name: 'id', value: '1' },
  });
  seen.ping = await client.ping();
  seen.subscribed = await client.subscribeResource({ uri: uri('docs://readme') });
  await client.sendRootsListChanged();
  // The stream for what a server says by itself is opened beside everything else.
  await new Promise((settled) => setTimeout(settled, 100));
  await server.change();
  await wait(() => told.includes('tools changed') && told.some((one) => typeof one === 'object' && 'updated' in (one as object)));
  seen.unsubscribed = await client.unsubscribeResource({ uri: uri('docs://readme') });
  seen.told = [...told].map((one) => JSON.stringify(one)).sort();
  return seen;
}
