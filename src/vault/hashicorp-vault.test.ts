import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { keyFingerprint, verifyEcdsa } from './ec-key.ts';
import { openSigner } from './open-signer.ts';
import { vaultSigner } from './hashicorp-vault.ts';

const TOKEN = 'hvs.secret-token';
const HASHES: Readonly<Record<string, string>> = { 'sha2-256': 'sha256', 'sha2-384': 'sha384', 'sha2-512': 'sha512' };
const servers: { close(): unknown }[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A transit engine as Vault's HTTP API describes it: named keys with versions, signing with any of them. */
async function startTransit(
  keys: Record<string, { privateKey: KeyObject; publicKey: KeyObject }[]>,
  tamper?: (path: string) => unknown,
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const reply = (status: number, json: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (request.headers['x-vault-token'] !== TOKEN) return void reply(403, { errors: ['permission denied'] });
    const forced = tamper?.(request.url ?? '');
    if (forced !== undefined) return void reply(200, forced);
    const [, verb = '', name = ''] = /^\/v1\/transit\/(keys|sign)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const versions = keys[name];
    if (versions === undefined) return void reply(404, { errors: [] });
    if (verb === 'keys') {
      const halves = versions.map(({ publicKey }, index) => [
        String(index + 1),
        { public_key: publicKey.export({ type: 'spki', format: 'pem' }), creation_time: '2026-01-01T00:00:00Z' },
      ]);
      return void reply(200, { data: { name, type: 'ecdsa-p256', latest_version: versions.length, keys: Object.fromEntries(halves) } });
    }
    const { input, key_version: version, hash_algorithm: hash, marshaling_algorithm: form } = JSON.parse(body);
    const key = versions[version - 1]?.privateKey;
    if (key === undefined || form !== 'asn1') return void reply(400, { errors: ['bad request'] });
    const signature = sign(HASHES[hash], Buffer.from(input, 'base64'), key).toString('base64');
    reply(200, { data: { signature: `vault:v${version}:${signature}`, key_version: version } });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const newKey = (namedCurve = 'prime256v1') => generateKeyPairSync('ec', { namedCurve });
const data = Buffer.from('to sign');

describe('transit engine', () => {
  test.each(['prime256v1', 'secp384r1', 'secp521r1'])('signs with a %s key that never leaves it', async (curve) => {
    const key = newKey(curve);
    const address = await startTransit({ release: [key] });
    const signer = await openSigner('hashivault://release', { VAULT_ADDR: address, VAULT_TOKEN: TOKEN });
    expect(verifyEcdsa(key.publicKey, data, await signer.sign(data))).toBe(true);
  });

  test('a rotation after opening does not change who signs', async () => {
    const versions = [newKey()];
    const address = await startTransit({ release: versions });
    const signer = await vaultSigner({ address, token: TOKEN }, 'release');
    versions.push(newKey());
    expect(verifyEcdsa(signer.publicKey, data, await signer.sign(data))).toBe(true);
    const rotated = await vaultSigner({ address, token: TOKEN }, 'release');
    expect(keyFingerprint(rotated.publicKey)).toBe(keyFingerprint(versions[1]?.publicKey as KeyObject));
  });

  test('a signature that is not by the key is not used', async () => {
    const address = await startTransit({ release: [newKey()] }, (path) =>
      path.includes('/sign/') ? { data: { signature: 'vault:v1:AAAA' } } : undefined,
    );
    const signer = await vaultSigner({ address, token: TOKEN }, 'release');
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'key.unavailable' });
  });

  test.each([
    ['a wrong token', { token: 'wrong' }, 'release'],
    ['an unknown key', { token: TOKEN }, 'other'],
  ])('%s is an error that names no secret', async (_name, access, key) => {
    const address = await startTransit({ release: [newKey()] });
    const error = await vaultSigner({ address, ...access }, key).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'key.unavailable' });
    expect(String((error as Error).message)).not.toMatch(/wrong|hvs/);
  });

  test('names cannot lead to another path, and nonsense is refused', async () => {
    const address = await startTransit({}, () => ({ data: { latest_version: 1, keys: { 1: 1700000000 } } }));
    await expect(vaultSigner({ address, token: TOKEN }, '../sys/seal')).rejects.toMatchObject({ code: 'key.invalid' });
    await expect(vaultSigner({ address, token: TOKEN }, 'symmetric')).rejects.toMatchObject({ code: 'key.invalid' });
  });
});
