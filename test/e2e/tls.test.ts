import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SILENT } from '../../src/core/logger.ts';
import { openListener } from '../../src/server/tls-server.ts';
import { type CertificateWish, makeCertificate, type MadeCertificate, SERVER_AUTHENTICATION } from '../makers/x509.ts';
import { serve, type Served, somebody } from './served.ts';

const pem = ({ certificate }: MadeCertificate): string => certificate.toString();
const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const authority = (subject: string): MadeCertificate => makeCertificate({ subject, isAuthority: true, keyUsage: ['keyCertSign'] });
const serverRoot = authority('Server root');
const clientRoot = authority('Client root');
const strangerRoot = authority('Client root');
const client = (wish: Partial<CertificateWish>, issuer = clientRoot): MadeCertificate =>
  makeCertificate({ subject: 'client', issuer, ...wish });
const serverCertificate = (): MadeCertificate =>
  makeCertificate({
    subject: 'localhost',
    issuer: serverRoot,
    purposes: [SERVER_AUTHENTICATION],
    sans: [{ dns: 'localhost' }, { ip: [127, 0, 0, 1] }],
  });

let folder: string;
let served: Served;

async function writeServer(made: MadeCertificate, at = folder): Promise<void> {
  await writeFile(join(at, 'server.pem'), pem(made));
  await writeFile(join(at, 'server.key'), keyPem(made.key));
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-tls-'));
  await writeServer(serverCertificate());
  await writeFile(join(folder, 'clients.pem'), pem(clientRoot));
  served = await serve({
    server: {
      tls: {
        cert: join(folder, 'server.pem'),
        key: join(folder, 'server.key'),
        clientCa: join(folder, 'clients.pem'),
        clientAuth: 'optional',
      },
    },
    access: {
      certificates: [
        { san: 'URI:spiffe://example.org/ns/*', principal: 'workload' },
        { commonName: 'ci.example.org', principal: 'ci' },
      ],
    },
  });
  for (const name of ['workload', 'ci']) await ask('/api/v1/principals', { method: 'POST', body: { name, kind: 'service' } });
});
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

interface Asked {
  readonly method?: string;
  readonly body?: object;
  readonly as?: MadeCertificate;
  readonly headers?: Record<string, string>;
  readonly url?: string;
}

/** Asks over TLS, as the administrator unless somebody else is named. */
function ask(
  path: string,
  { method = 'GET', body, as, headers, url = served.server.url }: Asked = {},
): Promise<{ status: number; body: string }> {
  const own = as === undefined && headers === undefined ? { authorization: `Bearer ${served.admin.key}` } : {};
  return new Promise((settled, failed) => {
    const sent = request(
      new URL(path, url),
      {
        method,
        agent: false,
        ca: pem(serverRoot),
        headers: { ...own, ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(as !== undefined && { cert: pem(as), key: keyPem(as.key) }),
      },
      (response) => {
        let text = '';
        response.on('data', (bytes: Buffer) => (text += bytes.toString()));
        response.on('end', () => settled({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', failed);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test('a certificate whose name is configured is somebody, for the API, the registry and the gateway', async () => {
  const workload = client({ sans: [{ dns: 'x' }, { uri: 'spiffe://example.org/ns/prod/sa/app' }] });
  expect(JSON.parse((await ask('/api/v1/whoami', { as: workload })).body)).toMatchObject({ name: 'workload' });
  expect((await ask('/hf/api/whoami-v2', { as: workload })).body).toContain('workload');
  expect((await ask('/v1/models', { as: workload })).status).not.toBe(401);
  const ci = client({ subject: 'ci.example.org' });
  expect(JSON.parse((await ask('/api/v1/whoami', { as: ci })).body)).toMatchObject({ name: 'ci' });
});

test.each<[string, MadeCertificate]>([
  ['of a stranger with the same name', client({ subject: 'ci.example.org' }, strangerRoot)],
  ['signed by itself', makeCertificate({ subject: 'ci.example.org' })],
  ['that has expired', client({ subject: 'ci.example.org', from: new Date(Date.now() - 9e8), until: new Date(Date.now() - 1e6) })],
  ['of nobody', client({ subject: 'nobody' })],
  ['whose name only looks like it', client({ subject: 'ci.example.org.evil' })],
  ['with a name made to look like two', client({ sans: [{ dns: 'x, URI:spiffe://example.org/ns/a' }] })],
  ['with a host that is written like a resource', client({ sans: [{ dns: 'spiffe://example.org/ns/a' }] })],
  ['of another trust domain', client({ sans: [{ uri: 'spiffe://example.org.evil/ns/a' }] })],
])('a certificate %s is nobody', async (_, certificate) => {
  // Some are so wrong that the connection ends before there is a question.
  const status = (path: string): Promise<number> =>
    ask(path, { as: certificate }).then(
      (answer) => answer.status,
      () => 401,
    );
  expect([await status('/api/v1/whoami'), await status('/v1/models')]).toEqual([401, 401]);
});

test('a credential that is sent counts, not the certificate', async () => {
  const ci = client({ subject: 'ci.example.org' });
  expect((await ask('/api/v1/whoami', { as: ci, headers: { authorization: 'Bearer nonsense' } })).status).toBe(401);
  expect((await ask('/v1/models', { as: ci, headers: { 'x-api-key': 'nonsense' } })).status).toBe(401);
  const { body } = await ask('/api/v1/whoami', { as: ci, headers: { authorization: `Bearer ${served.admin.key}` } });
  expect(JSON.parse(body)).toMatchObject({ name: 'admin' });
});

test('whoever is disabled is nobody by a certificate either', async () => {
  const ci = client({ subject: 'ci.example.org' });
  await ask('/api/v1/principals/ci/disabled', { method: 'POST', body: { disabled: true } });
  expect((await ask('/api/v1/whoami', { as: ci })).status).toBe(401);
  expect((await ask('/v1/models', { as: ci })).status).toBe(401);
  await ask('/api/v1/principals/ci/disabled', { method: 'POST', body: { disabled: false } });
  expect((await ask('/v1/models', { as: ci })).status).not.toBe(401);
});

test('cookies of a server that speaks HTTPS are only sent by it', async () => {
  const answer = await new Promise<readonly string[]>((settled, failed) => {
    const sent = request(
      new URL('/api/v1/login', served.server.url),
      { method: 'POST', agent: false, ca: pem(serverRoot), headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        settled(response.headers['set-cookie'] ?? []);
      },
    );
    sent.on('error', failed);
    sent.end(JSON.stringify({ key: served.admin.key }));
  });
  expect(answer[0]).toMatch(/^__Host-cordon_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
});

test('certificates are renewed while the server runs; a bad one changes nothing; a required one is required', async () => {
  const own = await mkdtemp(join(tmpdir(), 'cordon-tls-'));
  await writeServer(serverCertificate(), own);
  await writeFile(join(own, 'clients.pem'), pem(clientRoot));
  const tls = { cert: 'server.pem', key: 'server.key', clientCa: 'clients.pem', clientAuth: 'required' } as const;
  const listener = await openListener({ tls, folder: own, log: SILENT, everyMs: 1e9 }, (seen, response) => {
    const { subject } = (seen.socket as never as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate();
    response.end(subject.CN);
  });
  await new Promise<void>((settled) => listener.server.listen(0, '127.0.0.1', settled));
  const url = `https://127.0.0.1:${(listener.server.address() as { port: number }).port}`;
  const as = client({});
  expect(await ask('/', { as, url })).toEqual({ status: 200, body: 'client' });
  await expect(ask('/', { url })).rejects.toThrow();
  await expect(ask('/', { as: client({}, strangerRoot), url })).rejects.toThrow();
  await writeFile(join(own, 'server.key'), keyPem(client({}).key));
  expect(await listener.reload()).toBe(false);
  expect((await ask('/', { as, url })).status).toBe(200);
  // Now others are vouched for.
  await writeServer(serverCertificate(), own);
  await writeFile(join(own, 'clients.pem'), pem(strangerRoot));
  expect(await listener.reload()).toBe(true);
  await expect(ask('/', { as, url })).rejects.toThrow();
  expect((await ask('/', { as: client({}, strangerRoot), url })).status).toBe(200);
  listener.close();
  listener.server.closeAllConnections();
  await new Promise((settled) => listener.server.close(settled));
  await rm(own, { recursive: true, force: true });
});

test('files that are none keep the server from starting', async () => {
  const tls = { cert: 'none.pem', key: 'none.key', clientAuth: 'none' } as const;
  await expect(openListener({ tls, folder, log: SILENT }, () => undefined)).rejects.toThrow(
    expect.objectContaining({ code: 'config.invalid' }),
  );
});

test('nobody comes in by plain HTTP', async () => {
  const plain = somebody(served.server.url.replace('https:', 'http:'), served.admin.key);
  await expect(plain.api('GET', '/whoami')).rejects.toThrow();
});
