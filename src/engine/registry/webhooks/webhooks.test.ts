import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { CordonError } from '../../../core/errors.ts';
import { RegistryConfig } from '../../../core/registry-config.ts';
import { SecretsConfig } from '../../../core/secrets-config.ts';
import { SILENT } from '../../../core/logger.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import { openSecrets } from '../../../vault/secrets/open-secrets.ts';
import { signedHeaders } from './sign.ts';
import { openWebhooks, type Webhooks } from './open-webhooks.ts';

const KEY = 'a key that only two know';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers with the given statuses in turn, then with 204. */
async function receiver(statuses: number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(statuses.shift() ?? 204).end();
  });
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  closing.push(() => new Promise((settled) => server.close(settled)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

async function opened(url: string, events: string[] = []): Promise<{ store: Store; webhooks: Webhooks }> {
  const store = await openStore({ database: ':memory:' });
  closing.push(() => store.close());
  const { webhooks: configured } = RegistryConfig.parse({ webhooks: [{ id: 'ops', url, secretEnv: 'OPS_KEY', events }] });
  const secrets = openSecrets({ env: { OPS_KEY: KEY } });
  closing.push(() => secrets.close());
  const webhooks = await openWebhooks({ store, webhooks: configured, log: SILENT, secrets, now: Date.now });
  closing.push(() => webhooks.close());
  return { store, webhooks };
}

async function announce({ store, webhooks }: { store: Store; webhooks: Webhooks }, event: string): Promise<void> {
  await store.transaction((tx) => webhooks.announce(tx, event, { repository: 'acme/bert' }));
  webhooks.wake();
}

test('a secret in the form of Standard Webhooks is decoded, as their libraries do', () => {
  const key = Buffer.from('a key of twenty-four byte');
  const { 'webhook-signature': signature } = signedHeaders('id-1', 1_700_000_000_000, '{}', `whsec_${key.toString('base64')}`);
  expect(signature).toBe(`v1,${createHmac('sha256', key).update('id-1.1700000000.{}').digest('base64')}`);
});

test('a delivery is signed over its id, time and body', async () => {
  const { url, received } = await receiver([]);
  await announce(await opened(url), 'version.promoted');
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
  const [{ headers, body }] = received as [Received];
  const signed = createHmac('sha256', KEY).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signed}`);
  expect(JSON.parse(body)).toMatchObject({ event: 'version.promoted', data: { repository: 'acme/bert' } });
});

test('a refused delivery is tried again under the same id', async () => {
  const { url, received } = await receiver([500]);
  await announce(await opened(url), 'version.recalled');
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(2);
  expect(received[0]?.headers['webhook-id']).toBe(received[1]?.headers['webhook-id']);
});

test('an act that is rolled back is announced to nobody, nor are events nobody asked for', async () => {
  const { url, received } = await receiver([]);
  const both = await opened(url, ['version.recalled']);
  await both.store
    .transaction(async (tx) => {
      await both.webhooks.announce(tx, 'version.recalled', {});
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await announce(both, 'version.promoted');
  await announce(both, 'version.recalled');
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ event: 'version.recalled', data: { repository: 'acme/bert' } });
});

test('a receiver whose secret is missing is a configuration error', async () => {
  const store = await openStore({ database: ':memory:' });
  closing.push(() => store.close());
  const { webhooks } = RegistryConfig.parse({ webhooks: [{ id: 'ops', url: 'http://127.0.0.1:9/', secretEnv: 'NOWHERE' }] });
  const secrets = openSecrets({ env: {} });
  closing.push(() => secrets.close());
  await expect(openWebhooks({ store, webhooks, log: SILENT, secrets, now: Date.now })).rejects.toThrow(/NOWHERE/);
});

test('a key that was rotated signs the next delivery, and one that cannot be read now is waited for', async () => {
  const { url, received } = await receiver([]);
  const store = await openStore({ database: ':memory:' });
  closing.push(() => store.close());
  const { webhooks: configured } = RegistryConfig.parse({ webhooks: [{ id: 'ops', url, secret: 'vault:secret/ops#key' }] });
  let key: string | undefined;
  const read = async () => {
    if (key === undefined) throw new CordonError('secret.unavailable', 'vault:secret/ops#key cannot be read');
    return { bytes: Buffer.from(key) };
  };
  const config = SecretsConfig.parse({});
  let clock = Date.now();
  const secrets = openSecrets({ config, sources: { vault: { read } }, now: () => clock });
  closing.push(() => secrets.close());
  const webhooks = await openWebhooks({ store, webhooks: configured, log: SILENT, secrets, now: () => 1_700_000_000_000 });
  closing.push(() => webhooks.close());
  for (const next of ['first', 'second']) {
    key = next;
    clock += config.refreshSeconds * 1_000 + 1;
    received.length = 0;
    await announce({ store, webhooks }, 'version.promoted');
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
    const [{ headers, body }] = received as [Received];
    const signed = createHmac('sha256', next)
      .update(`${String(headers['webhook-id'])}.1700000000.${body}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signed}`);
  }
});
