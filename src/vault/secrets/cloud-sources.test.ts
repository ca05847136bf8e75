import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SecretsConfig } from '../../core/secrets-config.ts';
import { signed } from '../aws/sigv4.ts';
import { openSecrets, type Secrets } from './open-secrets.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
type Reply = readonly [status: number, json: unknown];

let folder = '';
let address = '';
let asked: Asked[] = [];
let answer: (asked: Asked) => Reply = () => [500, {}];
let end: () => Promise<void> = async () => undefined;
let time = 1_700_000_000_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-clouds-'));
  asked = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      asked.push(one);
      const [status, json] = answer(one);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  end = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true });
});

async function read(reference: string, config: object, env: NodeJS.ProcessEnv): Promise<string> {
  const secrets = open(config, env);
  try {
    return await secrets.get(reference);
  } finally {
    await secrets.close();
  }
}

function open(config: object, env: NodeJS.ProcessEnv): Secrets {
  return openSecrets({ config: SecretsConfig.parse(config), env, folder, now: () => time });
}

const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('AWS Secrets Manager', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hunter2', AWS_REGION: 'eu-west-1' };
  const get = (reference: string) => read(reference, { aws: { endpoint: address } }, env);

  test('the request is signed for the region, and members of JSON are found', async () => {
    answer = () => [200, { Name: 'prod/openai', SecretString: '{"key":"value-1","n":7}' }];
    expect(await get('aws-sm:prod/openai#key')).toBe('value-1');
    expect(await get('aws-sm:prod/openai#n')).toBe('7');
    const [{ headers, body }] = asked as [Asked];
    expect(JSON.parse(body)).toEqual({ SecretId: 'prod/openai' });
    const names = ['content-type', 'x-amz-target'] as const;
    const again = signed(
      { method: 'POST', url: `${address}/`, headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])), body },
      {
        identity: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hunter2' },
        region: 'eu-west-1',
        service: 'secretsmanager',
        now: new Date(time),
      },
    );
    expect(headers.authorization).toBe(again.authorization);
    expect(headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
  });

  test('an ARN brings its region; bytes are bytes', async () => {
    answer = () => [200, { SecretBinary: Buffer.from([1, 2, 3]).toString('base64') }];
    const secrets = open({ aws: { endpoint: address } }, env);
    expect(await secrets.getBytes('aws-sm:arn:aws:secretsmanager:us-east-2:123456789012:secret:a-AbCdEf')).toEqual(Buffer.from([1, 2, 3]));
    expect(String(asked[0]?.headers.authorization)).toContain('/us-east-2/secretsmanager/');
    await secrets.close();
  });

  test.each([
    [400, 'ResourceNotFoundException', 'secret.missing'],
    [400, 'InvalidRequestException', 'secret.missing'],
    [400, 'com.amazonaws#AccessDeniedException', 'secret.unavailable'],
    [503, 'InternalServiceError', 'secret.unavailable'],
  ])('%i %s is %s', async (status, type, code) => {
    answer = () => [status, { __type: type, Message: 'hunter2' }];
    const error = await get('aws-sm:a').catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('hunter2');
  });

  test('no region and no JSON are errors that quote nothing', async () => {
    await expect(read('aws-sm:a', {}, { ...env, AWS_REGION: '' })).rejects.toMatchObject({ code: 'config.invalid' });
    answer = () => [200, { SecretString: 'hunter2' }];
    const error = await get('aws-sm:a#key').catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'secret.missing' });
    expect((error as Error).stack).not.toContain('hunter2');
  });
});

describe('Azure Key Vault', () => {
  const config = () => ({ azure: { endpoint: address, authority: address } });

  test('a client secret and a federated token become one token for many reads', async () => {
    answer = ({ path, headers }) => {
      if (path === '/tenant-1/oauth2/v2.0/token') return [200, { access_token: 'token-1', expires_in: 3_600 }];
      return headers.authorization === 'Bearer token-1' ? [200, { value: `value of ${path}` }] : [401, {}];
    };
    const base = { AZURE_TENANT_ID: 'tenant-1', AZURE_CLIENT_ID: 'client-1' };
    const secrets = open(config(), { ...base, AZURE_CLIENT_SECRET: 'secret/+=' });
    expect(await secrets.get('azure-kv:company/openai')).toBe('value of /secrets/openai?api-version=7.4');
    expect(await secrets.get(`azure-kv:company/openai/${'a'.repeat(32)}`)).toContain(`/secrets/openai/${'a'.repeat(32)}?`);
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
    const form = new URLSearchParams(asked[0]?.body);
    expect(form.get('client_secret')).toBe('secret/+=');
    expect(form.get('scope')).toBe('https://vault.azure.net/.default');
    await secrets.close();
    await read('azure-kv:company/openai', config(), { ...base, AZURE_FEDERATED_TOKEN_FILE: written('token', 'jwt-1\n') });
    expect(new URLSearchParams(asked[3]?.body).get('client_assertion')).toBe('jwt-1');
  });

  test('the identity service of an app', async () => {
    answer = ({ path }) =>
      path.startsWith('/msi') ? [200, { access_token: 'token-2', expires_in: '86399' }] : [200, { value: '{"key":"x"}' }];
    const env = { IDENTITY_ENDPOINT: `${address}/msi/token`, IDENTITY_HEADER: 'header-1' };
    expect(await read('azure-kv:company/openai#key', config(), env)).toBe('x');
    expect(asked[0]?.headers['x-identity-header']).toBe('header-1');
    expect(asked[0]?.path).toContain('resource=https%3A%2F%2Fvault.azure.net');
  });

  test('what is not there is missing, what is forbidden is not', async () => {
    let status = 404;
    answer = ({ method }) =>
      method === 'POST' ? [200, { access_token: 't', expires_in: 10 }] : [status, { error: { message: 'hunter2' } }];
    const env = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };
    await expect(read('azure-kv:company/a', config(), env)).rejects.toMatchObject({ code: 'secret.missing' });
    status = 403;
    await expect(read('azure-kv:company/a', config(), env)).rejects.toMatchObject({ code: 'secret.unavailable' });
  });
});

describe('Google Secret Manager', () => {
  const config = () => ({ gcp: { endpoint: address } });
  const secret = (text: string): Reply => [200, { name: 'n', payload: { data: Buffer.from(text).toString('base64') } }];

  test('the key of a service account signs for a token', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { type: 'service_account', client_email: 'a@p.example', token_uri: `${address}/token`, private_key_id: 'k1' };
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    answer = ({ path }) => (path === '/token' ? [200, { access_token: 'token-1', expires_in: 3_599 }] : secret('value-1'));
    const env = { GOOGLE_APPLICATION_CREDENTIALS: written('key.json', JSON.stringify({ ...key, private_key: pem })) };
    expect(await read('gcp-sm:projects/p/secrets/openai', config(), env)).toBe('value-1');
    expect(asked[1]).toMatchObject({
      path: '/v1/projects/p/secrets/openai/versions/latest:access',
      headers: { authorization: 'Bearer token-1' },
    });
    const [head = '', claims = '', signature = ''] = (new URLSearchParams(asked[0]?.body).get('assertion') ?? '').split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: 'a@p.example',
      aud: `${address}/token`,
      iat: time / 1_000,
    });
    const half = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), half, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test('a federated workload exchanges its token, then acts as a service account', async () => {
    const until = new Date(time + 3_600_000).toISOString();
    answer = ({ path, headers }) => {
      if (path === '/sts') return [200, { access_token: 'federated', expires_in: 3_600 }];
      if (path === '/impersonate')
        return headers.authorization === 'Bearer federated' ? [200, { accessToken: 'final', expireTime: until }] : [403, {}];
      return headers.authorization === 'Bearer final' ? secret('value-2') : [401, {}];
    };
    const account = {
      type: 'external_account',
      audience: '//iam.example/pool',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${address}/sts`,
      service_account_impersonation_url: `${address}/impersonate`,
      credential_source: { file: written('subject', '{"t":"jwt-9"}'), format: { type: 'json', subject_token_field_name: 't' } },
    };
    const env = { GOOGLE_APPLICATION_CREDENTIALS: written('account.json', JSON.stringify(account)) };
    expect(await read('gcp-sm:projects/p/secrets/openai/versions/3', config(), env)).toBe('value-2');
    expect(new URLSearchParams(asked[0]?.body).get('subject_token')).toBe('jwt-9');
  });

  test('the metadata server of the machine', async () => {
    answer = ({ path }) => (path.startsWith('/computeMetadata') ? [200, { access_token: 'm', expires_in: 100 }] : secret('{"a":"b"}'));
    const env = { GCE_METADATA_HOST: new URL(address).host };
    expect(await read('gcp-sm:projects/p/secrets/openai#a', config(), env)).toBe('b');
    expect(asked[0]?.headers['metadata-flavor']).toBe('Google');
  });

  test('credentials that cannot be used are not quoted', async () => {
    const env = { GOOGLE_APPLICATION_CREDENTIALS: written('bad.json', '{"private_key":"hunter2"') };
    const error = await read('gcp-sm:projects/p/secrets/a', config(), env).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'secret.unavailable' });
    expect((error as Error).stack).not.toContain('hunter2');
  });
});

describe('Kubernetes', () => {
  test('the API server is asked with the token of the service account, which is read each time', async () => {
    answer = () => [200, { kind: 'Secret', data: { 'api-key': Buffer.from('value-1\n').toString('base64') } }];
    const tokenFile = written('token', 'sa-1\n');
    const secrets = open({ kubernetes: { server: address, tokenFile } }, {});
    expect(await secrets.get('k8s:cordon/openai#api-key')).toBe('value-1');
    expect(asked[0]).toMatchObject({ path: '/api/v1/namespaces/cordon/secrets/openai', headers: { authorization: 'Bearer sa-1' } });
    written('token', 'sa-2');
    time += 300_000;
    await secrets.get('k8s:cordon/openai#api-key');
    expect(asked[1]?.headers.authorization).toBe('Bearer sa-2');
    await expect(secrets.get('k8s:cordon/openai#other')).rejects.toMatchObject({ code: 'secret.missing' });
    answer = () => [403, { message: 'forbidden' }];
    await expect(secrets.get('k8s:cordon/other#key')).rejects.toMatchObject({ code: 'secret.unavailable' });
    await secrets.close();
  });

  test('mounted secrets need no API', async () => {
    mkdirSync(join(folder, 'mounts/cordon/openai'), { recursive: true });
    written('mounts/cordon/openai/api-key', 'value-3');
    expect(await read('k8s:cordon/openai#api-key', { kubernetes: { mounts: 'mounts' } }, {})).toBe('value-3');
  });

  test('outside of a cluster the configuration must say where', async () => {
    await expect(read('k8s:cordon/openai#api-key', {}, {})).rejects.toThrow(/secrets\.kubernetes/);
  });
});
