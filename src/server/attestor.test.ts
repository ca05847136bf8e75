import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Config } from '../core/config.ts';
import { CordonError } from '../core/errors.ts';
import { SILENT } from '../core/logger.ts';
import { openStore } from '../store/open-store.ts';
import { generateKey } from '../vault/private-key.ts';
import { openSecrets } from '../vault/secrets/open-secrets.ts';
import { openAttestor } from './attestor.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

test('a signing key that is a secret comes from the place that is configured, and is exchanged when it is rotated', async () => {
  const data = await mkdtemp(join(tmpdir(), 'cordon-attestor-'));
  closing.push(() => rm(data, { recursive: true, force: true }));
  const store = await openStore({ database: ':memory:' });
  closing.push(() => store.close());
  let pem = generateKey('P-256', undefined).privatePem;
  const config = Config.parse({ secrets: { refreshSeconds: 1 }, registry: { signing: { key: 'vault:secret/registry#pem' } } });
  const secrets = openSecrets({ config: config.secrets, sources: { vault: { read: async () => ({ bytes: Buffer.from(pem) }) } } });
  closing.push(() => secrets.close());
  const attestor = await openAttestor({ config, configFolder: data, data, store, secrets, log: SILENT });
  closing.push(() => attestor.close());
  const before = attestor.current();
  const announced = async () =>
    (await store.db.selectFrom('ledger').select('body').where('kind', '=', 'signing-key.used').execute()).map(
      ({ body }) => (JSON.parse(body) as { fingerprint: string }).fingerprint,
    );
  expect(await announced()).toEqual([before.fingerprint]);
  pem = generateKey('P-256', undefined).privatePem;
  await expect.poll(() => attestor.current().fingerprint, { timeout: 10_000 }).not.toBe(before.fingerprint);
  const second = attestor.current();
  expect(await announced()).toEqual([before.fingerprint, second.fingerprint]);
  // What is no key leaves the one before.
  pem = 'no key';
  await new Promise((settled) => setTimeout(settled, 1_500));
  expect(attestor.current()).toBe(second);
});

test('a key and its passphrase may be rotated one after the other', async () => {
  const data = await mkdtemp(join(tmpdir(), 'cordon-attestor-'));
  closing.push(() => rm(data, { recursive: true, force: true }));
  const store = await openStore({ database: ':memory:' });
  closing.push(() => store.close());
  const values = new Map([
    ['key', generateKey('P-256', 'first').privatePem],
    ['phrase', 'first'],
  ]);
  const signing = { key: 'vault:secret/key', passphrase: 'vault:secret/phrase' };
  const config = Config.parse({ secrets: { refreshSeconds: 1 }, registry: { signing } });
  const read = async ({ name }: { readonly name: string }) => ({ bytes: Buffer.from(values.get(name.split('/')[1]!)!) });
  const secrets = openSecrets({ config: config.secrets, sources: { vault: { read } } });
  closing.push(() => secrets.close());
  const attestor = await openAttestor({ config, configFolder: data, data, store, secrets, log: SILENT });
  closing.push(() => attestor.close());
  const before = attestor.current().fingerprint;
  values.set('key', generateKey('P-256', 'second').privatePem);
  await new Promise((settled) => setTimeout(settled, 1_500));
  expect(attestor.current().fingerprint).toBe(before);
  values.set('phrase', 'second');
  await expect.poll(() => attestor.current().fingerprint, { timeout: 10_000 }).not.toBe(before);
});

test('a key that is not there keeps the registry from starting', async () => {
  const store = await openStore({ database: ':memory:' });
  closing.push(() => store.close());
  const config = Config.parse({ registry: { signing: { key: 'vault:secret/registry#pem' } } });
  const read = async () => {
    throw new CordonError('secret.missing', 'vault:secret/registry#pem is not there');
  };
  const secrets = openSecrets({ config: config.secrets, sources: { vault: { read } } });
  closing.push(() => secrets.close());
  const opened = openAttestor({ config, configFolder: '/', data: '/nowhere', store, secrets, log: SILENT });
  await expect(opened).rejects.toMatchObject({ code: 'key.invalid' });
});
