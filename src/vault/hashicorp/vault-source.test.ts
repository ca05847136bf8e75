import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VaultAuth } from '../../core/secrets-config.ts';
import { SecretsConfig } from '../../core/secrets-config.ts';
import { openSecrets, type Secrets } from '../secrets/open-secrets.ts';
import { startVault, type TestVault } from './testing.ts';

let vault: TestVault;
let time = 1_700_000_000_000;
const opened: Secrets[] = [];
beforeEach(async () => (vault = await startVault(() => time)));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await vault.close();
});

const APPROLE: VaultAuth = { method: 'approle', mount: 'approle', roleId: 'env:ROLE', secretId: 'env:SECRET' };

function open(auth?: VaultAuth, more: object = {}): Secrets {
  const secrets = openSecrets({
    config: SecretsConfig.parse({
      refreshSeconds: 300,
      ...more,
      vault: { address: vault.address, ...(auth && { auth }), ...('vault' in more ? (more.vault as object) : {}) },
    }),
    env: { VAULT_TOKEN: vault.rootToken, ROLE: 'role-1', SECRET: 'secret-1' },
    now: () => time,
  });
  opened.push(secrets);
  return secrets;
}

describe('key-value engines', () => {
  test.each(['auto', '2'])('version 2, %s', async (kv) => {
    vault.versioned.set('llm/openai', { key: 'hunter2', port: 5432 });
    const secrets = open(undefined, { vault: { kv } });
    expect(await secrets.get('vault:secret/llm/openai#key')).toBe('hunter2');
    expect(await secrets.get('vault:secret/llm/openai#port')).toBe('5432');
    expect(JSON.parse(await secrets.get('vault:secret/llm/openai'))).toEqual({ key: 'hunter2', port: 5432 });
    expect(vault.paths).toContain('GET secret/data/llm/openai');
  });

  test('version 1 below a mount of two parts', async () => {
    vault.plain.set('app', { key: 'hunter2' });
    expect(await open().get('vault:team/kv/app#key')).toBe('hunter2');
    expect(vault.paths).toContain('GET team/kv/app');
  });

  test('a new version is read after the interval', async () => {
    vault.versioned.set('a', { key: 'old' });
    const secrets = open();
    await secrets.get('vault:secret/a#key');
    vault.versioned.set('a', { key: 'new' });
    expect(await secrets.get('vault:secret/a#key')).toBe('old');
    time += 300_000;
    expect(await secrets.get('vault:secret/a#key')).toBe('new');
  });

  test('what is not there is missing, a wrong field names no other', async () => {
    vault.versioned.set('a', { hunter2: 'x' });
    await expect(open().get('vault:secret/b#key')).rejects.toMatchObject({ code: 'secret.missing' });
    const error = await open()
      .get('vault:secret/a#key')
      .catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'secret.missing', message: 'vault:secret/a has no field key' });
  });

  test('a mount that nobody may see says what to do', async () => {
    await expect(open().get('vault:hidden/a#key')).rejects.toThrow(/secrets\.vault\.kv/);
  });
});

describe('who asks', () => {
  test('AppRole logs in once, renews its token at half its time, and gives it back at the end', async () => {
    vault.versioned.set('a', { key: 'x' });
    const secrets = open(APPROLE);
    await Promise.all([secrets.get('vault:secret/a#key'), secrets.get('vault:secret/a')]);
    expect(vault.logins).toBe(1);
    time += 1_900_000;
    await secrets.get('vault:secret/a#key');
    expect(vault.paths).toContain('POST auth/token/renew-self');
    expect(vault.logins).toBe(1);
    await secrets.close();
    expect(vault.tokens.size).toBe(1);
  });

  test('a token that was revoked is replaced by another login', async () => {
    vault.versioned.set('a', { key: 'x' });
    const secrets = open(APPROLE);
    await secrets.get('vault:secret/a#key');
    vault.tokens.clear();
    time += 300_000;
    expect(await secrets.get('vault:secret/a#key')).toBe('x');
    expect(vault.logins).toBe(2);
  });

  test('a token that is renewed for ever shorter times is replaced', async () => {
    vault.versioned.set('a', { key: 'x' });
    const secrets = open(APPROLE);
    await secrets.get('vault:secret/a#key');
    vault.renewals = 60;
    time += 1_900_000;
    await secrets.get('vault:secret/a#key');
    expect(vault.logins).toBe(2);
  });

  test('Kubernetes shows the token of its service account', async () => {
    vault.versioned.set('a', { key: 'x' });
    const auth: VaultAuth = { method: 'kubernetes', mount: 'k8s/prod', role: 'cordon', tokenFile: vault.file('jwt-1\n') };
    expect(await open(auth).get('vault:secret/a#key')).toBe('x');
    expect(vault.bodies).toContainEqual({ role: 'cordon', jwt: 'jwt-1' });
  });

  test('a token in a file that an agent replaces', async () => {
    vault.versioned.set('a', { key: 'x' });
    vault.tokens.set('agent-2', { until: Infinity });
    const file = vault.file(vault.rootToken);
    const secrets = open({ method: 'token', token: `file:${file}` });
    await secrets.get('vault:secret/a#key');
    vault.tokens.delete(vault.rootToken);
    vault.file('agent-2', file);
    time += 300_000;
    expect(await secrets.get('vault:secret/a#key')).toBe('x');
  });

  test.each([
    ['a wrong secret id', { ...APPROLE, secretId: 'env:VAULT_TOKEN' } as VaultAuth],
    ['an empty one', { ...APPROLE, secretId: 'env:NOTHING' } as VaultAuth],
    ['a token that does not count', { method: 'token', token: 'env:ROLE' } as VaultAuth],
  ])('%s is an error that names no secret', async (_name, auth) => {
    const error = await open(auth)
      .get('vault:secret/a#key')
      .catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'secret.unavailable' });
    expect(String((error as Error).stack)).not.toMatch(/role-1|secret-1|root-token/);
    expect((error as Error).cause).toBeUndefined();
  });

  test('the namespace goes along', async () => {
    vault.versioned.set('a', { key: 'x' });
    await open(undefined, { vault: { namespace: 'team/ml' } }).get('vault:secret/a#key');
    expect(vault.namespaces).toEqual(new Set(['team/ml']));
  });
});

describe('secrets with a lease', () => {
  test('user name and password are of one lease; it is renewed, and read anew when that ends', async () => {
    const secrets = open();
    const pair = () => Promise.all([secrets.get('vault:database/creds/app#username'), secrets.get('vault:database/creds/app#password')]);
    expect(await pair()).toEqual(['user-1', 'password-1']);
    time += 200_000;
    expect(await pair()).toEqual(['user-1', 'password-1']);
    expect(vault.paths.filter((path) => path === 'PUT sys/leases/renew')).toHaveLength(1);
    vault.renewals = 1;
    time += 200_000;
    expect(await pair()).toEqual(['user-2', 'password-2']);
  });
});

test('redirects are not followed, and http is spoken to this machine only', async () => {
  vault.redirect = 'http://127.0.0.1:1/';
  await expect(open().get('vault:secret/a#key')).rejects.toThrow(/redirects/);
  const far = openSecrets({ config: SecretsConfig.parse({ vault: { address: 'http://vault.example' } }), env: { VAULT_TOKEN: 't' } });
  await expect(far.get('vault:secret/a#key')).rejects.toThrow(/over https/);
});

test('an answer without end is not read to its end', async () => {
  vault.flood = true;
  await expect(open().get('vault:secret/a#key')).rejects.toThrow(/more than \d+ bytes/);
});
