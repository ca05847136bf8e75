import { createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyFingerprint, verifyEcdsa } from '../ec-key.ts';
import { openSigner } from '../open-signer.ts';
import { awsKmsSigner } from './aws-kms.ts';
import { azureKeySigner } from './azure-key-vault.ts';
import { googleKmsSigner } from './google-kms.ts';
import { derOfPair } from './signature-der.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly target: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
}
type Reply = readonly [status: number, json: unknown];

let address = '';
let asked: Asked[] = [];
let answer: (asked: Asked) => Reply = () => [500, {}];
let end: () => Promise<void> = async () => undefined;

beforeEach(async () => {
  asked = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { authorization = '', 'x-amz-target': target } = request.headers;
      const json = body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {};
      const one = { method: request.method ?? '', path: request.url ?? '', target: String(target), authorization, body: json };
      asked.push(one);
      const [status, reply] = answer(one);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  end = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(() => end());

const CURVES = [
  ['prime256v1', 'sha256'],
  ['secp384r1', 'sha384'],
  ['secp521r1', 'sha512'],
] as const;
const data = Buffer.from('to sign');
const newKey = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

/** What a manager that was given a digest answers; node:crypto hashes by itself, so the manager here knows the data. */
const signatureOf = (key: KeyObject, hash: string): Buffer => createSign(hash).update(data).sign(key);

describe('AWS KMS', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hunter2', AWS_REGION: 'eu-west-1' };
  const ARN = 'arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

  function serve(key: { publicKey: KeyObject; privateKey: KeyObject }, hash: string): void {
    answer = ({ target }) =>
      target.endsWith('GetPublicKey')
        ? [200, { KeyId: ARN, PublicKey: key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }]
        : [200, { KeyId: ARN, Signature: signatureOf(key.privateKey, hash).toString('base64') }];
  }

  test.each(CURVES)('signs the digest with a %s key that never leaves it', async (curve, hash) => {
    const key = newKey(curve);
    serve(key, hash);
    const signer = await openSigner(`awskms://${new URL(address).host}/alias/release`, env);
    expect(keyFingerprint(signer.publicKey)).toBe(keyFingerprint(key.publicKey));
    expect(verifyEcdsa(key.publicKey, data, await signer.sign(data))).toBe(true);
    expect(asked[0]).toMatchObject({ target: 'TrentService.GetPublicKey', body: { KeyId: 'alias/release' } });
    // By ARN, so that an alias that is moved meanwhile changes nothing.
    expect(asked[1]).toMatchObject({ body: { KeyId: ARN, MessageType: 'DIGEST', SigningAlgorithm: `ECDSA_SHA_${hash.slice(3)}` } });
    expect(asked[1]?.authorization).toContain('/eu-west-1/kms/aws4_request');
  });

  test('the region of an ARN counts', async () => {
    serve(newKey('prime256v1'), 'sha256');
    await awsKmsSigner(`/${ARN}`, { ...env, AWS_ENDPOINT_URL_KMS: address });
    expect(asked[0]?.authorization).toContain('/us-east-2/kms/aws4_request');
  });

  test('a signature by another key is not used', async () => {
    const key = newKey('prime256v1');
    serve({ publicKey: key.publicKey, privateKey: newKey('prime256v1').privateKey }, 'sha256');
    const signer = await awsKmsSigner('/alias/a', { ...env, AWS_ENDPOINT_URL: address });
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'key.unavailable' });
  });

  test('refusals name the error, no secret and no message of the service', async () => {
    answer = () => [400, { __type: 'AccessDeniedException', message: 'hunter2' }];
    const error = await awsKmsSigner('/alias/a', { ...env, AWS_ENDPOINT_URL: address }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'key.unavailable', message: expect.stringContaining('AccessDeniedException') });
    expect(String(error)).not.toContain('hunter2');
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    answer = () => [200, { KeyId: ARN, PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }];
    await expect(awsKmsSigner('/alias/a', { ...env, AWS_ENDPOINT_URL: address })).rejects.toMatchObject({ code: 'key.invalid' });
  });

  test.each(['', 'alias', 'evil.example/alias/a b', '/alias/../x?y', 'user@evil.example/alias/a'])('%j is no key', async (key) => {
    await expect(awsKmsSigner(key, env)).rejects.toMatchObject({ code: 'key.invalid' });
  });
});

describe('Google Cloud KMS', () => {
  const KEY = 'projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k';

  test.each(CURVES.slice(0, 2))('signs the digest with a %s key', async (curve, hash) => {
    const key = newKey(curve);
    answer = ({ path }) => {
      if (path.startsWith('/computeMetadata')) return [200, { access_token: 'token-1', expires_in: 3_600 }];
      if (path.endsWith('/publicKey')) return [200, { pem: key.publicKey.export({ type: 'spki', format: 'pem' }) }];
      return [200, { signature: signatureOf(key.privateKey, hash).toString('base64') }];
    };
    const env = { GCE_METADATA_HOST: new URL(address).host };
    const signer = await googleKmsSigner(`${KEY}/versions/3`, env, { endpoint: address });
    expect(verifyEcdsa(key.publicKey, data, await signer.sign(data))).toBe(true);
    expect(asked.map(({ path }) => path)).toEqual([
      '/computeMetadata/v1/instance/service-accounts/default/token',
      `/v1/${KEY}/cryptoKeyVersions/3/publicKey`,
      `/v1/${KEY}/cryptoKeyVersions/3:asymmetricSign`,
    ]);
    expect(asked[2]).toMatchObject({ authorization: 'Bearer token-1', body: { digest: { [hash]: expect.any(String) } } });
  });

  test.each([KEY, `${KEY}/cryptoKeyVersions/latest`, `${KEY}/../x/versions/1`])('%s is no version of a key', async (key) => {
    await expect(googleKmsSigner(key, {})).rejects.toMatchObject({ code: 'key.invalid' });
  });
});

describe('Azure Key Vault', () => {
  const VERSION = 'a'.repeat(32);
  const env = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };

  test.each(CURVES)('signs the digest with a %s key, in the version it had at first', async (curve, hash) => {
    const key = newKey(curve);
    answer = ({ method, path }) => {
      if (path.endsWith('/token')) return [200, { access_token: 'token-1', expires_in: 3_600 }];
      const kid = `https://company.vault.azure.net/keys/release/${VERSION}`;
      if (method === 'GET') return [200, { key: { kid, ...key.publicKey.export({ format: 'jwk' }) } }];
      return [200, { kid, value: sign(hash, data, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url') }];
    };
    const signer = await azureKeySigner('company.vault.azure.net/release', env, { endpoint: address, authority: address });
    for (let round = 0; round < 20; round++) expect(verifyEcdsa(key.publicKey, data, await signer.sign(data))).toBe(true);
    expect(asked[2]).toMatchObject({
      method: 'POST',
      path: `/keys/release/${VERSION}/sign?api-version=7.4`,
      authorization: 'Bearer token-1',
      body: { alg: `ES${hash.slice(3)}` },
    });
  });

  test.each(['company/release', 'company.vault.evil.example', 'evil.example/release', 'a.vault.azure.net/x/../y'])(
    '%s is no key',
    async (key) => {
      await expect(azureKeySigner(key, env)).rejects.toMatchObject({ code: 'key.invalid' });
    },
  );
});

test('pairs become DER whatever their leading bytes are', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, bytes, (r, s) => {
      const der = derOfPair(Buffer.concat([r, s]));
      expect(der[1]).toBe(der.length - 2);
      const length = der[3] ?? 0;
      const [first, second] = [der.subarray(4, 4 + length), der.subarray(6 + length)];
      expect(BigInt(`0x0${first.toString('hex')}`)).toBe(BigInt(`0x${Buffer.from(r).toString('hex')}`));
      expect(BigInt(`0x0${second.toString('hex')}`)).toBe(BigInt(`0x${Buffer.from(s).toString('hex')}`));
      for (const number of [first, second]) {
        expect((number[0] ?? 0) & 0x80).toBe(0);
        if (number.length > 1 && number[0] === 0) expect((number[1] ?? 0) & 0x80).toBe(0x80);
      }
    }),
  );
});

test('a key in PEM may lie in any place for secrets', async () => {
  const { privateKey, publicKey } = newKey('prime256v1');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  answer = () => [200, { data: { pem } }];
  const env = { VAULT_ADDR: address, VAULT_TOKEN: 't' };
  answer = ({ path }) => {
    if (path.startsWith('/v1/sys/internal')) return [200, { data: { path: 'secret/', type: 'kv', options: { version: '2' } } }];
    return path === '/v1/secret/data/cordon' ? [200, { data: { data: { pem } } }] : [404, {}];
  };
  const signer = await openSigner('vault:secret/cordon#pem', env);
  expect(verifyEcdsa(publicKey, data, await signer.sign(data))).toBe(true);
  await expect(openSigner('vault:secret/other#pem', env)).rejects.toMatchObject({ code: 'key.invalid' });
});
