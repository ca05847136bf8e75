import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate, type MadeCertificate, SERVER_AUTHENTICATION } from '../../../../test/makers/x509.ts';
import { checkedLookup, isPublicAddress, isPublicOrOwnAddress } from '../../remote/address.ts';
import { UpstreamsConfig } from '../../../core/gateway-model-config.ts';
import { ask, open, plain, secretsOf, serve } from './testing.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function kept<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const root = makeCertificate({ subject: 'Test root', isAuthority: true, keyUsage: ['keyCertSign'] });
const other = makeCertificate({ subject: 'Other root', isAuthority: true, keyUsage: ['keyCertSign'] });
const forServer = (subject: string, issuer = root): MadeCertificate =>
  makeCertificate({ subject, issuer, purposes: [SERVER_AUTHENTICATION] });
const client = makeCertificate({ subject: 'gateway', issuer: root, purposes: [CLIENT_AUTHENTICATION] });
const certificateOf = ({ certificate }: MadeCertificate): string => certificate.toString();
const keyOf = ({ key }: MadeCertificate): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

async function secure(certificate: MadeCertificate, options: object = {}): Promise<{ url: string; server: Server }> {
  const server = createServer({ cert: certificateOf(certificate), key: keyOf(certificate), ...options }, (request, response) => {
    response.end((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  kept({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, server };
}

describe('addresses', () => {
  test.each([
    '0.0.0.0',
    '169.254.169.254',
    '169.254.170.2',
    '168.63.129.16',
    '100.100.100.200',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '224.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    'not an address',
  ])('%s is never dialled', (address) => expect(isPublicOrOwnAddress(address)).toBe(false));

  test.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '127.0.0.1', '::1', 'fd12::1', '100.64.0.1', '8.8.8.8', '2600::1'])(
    '%s is dialled where private networks are allowed',
    (address) => {
      expect(isPublicOrOwnAddress(address)).toBe(true);
      expect(isPublicAddress(address)).toBe(address === '8.8.8.8' || address === '2600::1');
    },
  );

  test.each<[string, boolean, string?]>([
    ['http://169.254.169.254/v1', true],
    ['http://[fd00:ec2::254]/v1', true],
    ['https://[::ffff:127.0.0.1]/v1', true],
    ['http://0x7f000001:1/v1', false, 'is own machine, written another way'],
    ['https://10.0.0.1/v1', false],
    ['https://2130706433/v1', false, 'is own machine, written another way'],
    ['http://api.example/v1', false],
    ['http://127.0.0.1.nip.example/v1', false],
  ])('the address %s in a configuration (private networks allowed: %s)', (url, allowPrivateNetwork, isOwn) => {
    const make = (): unknown => kept(open({ upstreams: [plain('a', url, { allowPrivateNetwork })] }));
    if (isOwn !== undefined) expect(make).not.toThrow();
    else expect(make).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });

  test('what would help is said, and not where nothing would', () => {
    const make = (url: string) => () => kept(open({ upstreams: [plain('a', url)] }));
    expect(make('https://10.0.0.1/v1')).toThrow('allowPrivateNetwork permits');
    for (const url of ['https://169.254.169.254/v1', 'https://[fe80::1]/v1', 'https://0.0.0.0/v1', 'https://[fd00:ec2::254]/v1']) {
      expect(make(url)).toThrow('nor can it be');
      expect(make(url)).not.toThrow('allowPrivateNetwork');
    }
  });

  test.each([
    'https://user:pass@api.example/v1',
    'https://api.example/v1?a=b',
    'https://api.example/v1#x',
    'ftp://api.example',
    'https://api.example\\@evil.example/',
  ])('the address %s is no address of an upstream', (url) =>
    expect(UpstreamsConfig.safeParse({ upstreams: [plain('a', url)] }).success).toBe(false),
  );

  test.each([
    { id: 'a', kind: 'azure-openai', resource: 'evil.example/#', apiKey: 'env:KEY' },
    { id: 'a', kind: 'azure-openai', resource: 'a.b', apiKey: 'env:KEY' },
    { id: 'a', kind: 'bedrock', region: 'eu-central-1.evil.example/#' },
    { id: 'a', kind: 'bedrock', region: 'us-east-1@evil' },
    { id: 'a', kind: 'vertex', project: 'my-project', region: 'x#y' },
    { id: 'a', kind: 'vertex', project: '../other', region: 'europe-west1' },
    { id: 'a', kind: 'azure-openai', resource: 'a', apiKey: 'env:KEY', form: 'deployments', apiVersion: '2024-01-01&x=y' },
    { id: 'a', kind: 'openai', apiKey: 'sk-live-key-in-the-file' },
    { id: 'a', kind: 'openai', headers: { authorization: 'Bearer x' } },
    { id: 'a', kind: 'openai', headers: { 'x-a': 'b\r\nx: y' } },
    { id: 'a', kind: 'openai', unknown: 1 },
  ])('nothing in a configuration changes the host or carries a key: %j', (upstream) => {
    const result = UpstreamsConfig.safeParse({ upstreams: [upstream] });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).not.toContain('sk-live-key-in-the-file');
  });

  test('a name that leads to this machine when it is dialled is refused', async () => {
    const server = kept(await serve((_request, response) => response.end('secret')));
    // The name is not `localhost`, and resolves to it all the same.
    const upstreams = kept(open({ upstreams: [plain('a', `https://localhost.:${server.port}`)] }));
    const { error } = await ask(upstreams);
    expect(error).toMatchObject({ code: 'upstream.failed', message: expect.stringMatching(/address is not allowed|does not exist/) });
    expect(server.requests).toHaveLength(0);
    expect(server.sockets.size).toBe(0);
  });

  test('every address of a name is looked at, not only the first', async () => {
    const seen: string[] = [];
    const lookup = checkedLookup((address) => (seen.push(address), false), 'ADDRESS');
    const error = await new Promise((resolve) => {
      lookup('localhost', { all: true }, resolve);
    });
    expect(error).toMatchObject({ code: 'network.refused' });
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe('TLS', () => {
  const secrets = secretsOf({
    'file:ca': certificateOf(root),
    'file:other': certificateOf(other),
    'file:certificate': certificateOf(client),
    'file:key': keyOf(client),
    'file:broken': 'no PEM, with SECRET in it',
  });
  const to = (url: string, tls?: object) => kept(open({ upstreams: [plain('a', url, tls && { tls })] }, { secrets }));

  test('is verified: an authority of nobody, another authority, another name, a certificate that has ended', async () => {
    const { url } = await secure(forServer('localhost'));
    expect((await ask(to(url))).error?.message).toMatch(/certificate or encryption is refused/);
    expect((await ask(to(url, { ca: 'file:other' }))).error?.message).toMatch(/certificate or encryption is refused/);
    const wrong = await secure(forServer('other.example'));
    expect((await ask(to(wrong.url, { ca: 'file:ca' }))).error?.message).toMatch(/ALTNAME/);
    const ended = makeCertificate({
      subject: 'localhost',
      issuer: root,
      purposes: [SERVER_AUTHENTICATION],
      until: new Date(Date.now() - 1_000),
    });
    expect((await ask(to((await secure(ended)).url, { ca: 'file:ca' }))).error?.message).toMatch(/CERT_HAS_EXPIRED/);
  });

  test('an authority of the configuration is trusted', async () => {
    const { url } = await secure(forServer('localhost'));
    expect(await ask(to(url, { ca: 'file:ca' }))).toMatchObject({ status: 200, body: 'nobody' });
  });

  test('a client certificate is shown', async () => {
    const { url } = await secure(forServer('localhost'), { requestCert: true, rejectUnauthorized: true, ca: certificateOf(root) });
    expect(await ask(to(url, { ca: 'file:ca' }))).toMatchObject({ error: { code: 'upstream.failed' } });
    const tls = { ca: 'file:ca', certificate: 'file:certificate', key: 'file:key' };
    expect(await ask(to(url, tls))).toMatchObject({ status: 200, body: 'gateway' });
  });

  test('certificates that cannot be read are named, not quoted', async () => {
    const upstreams = to('https://localhost:1', { ca: 'file:ca', certificate: 'file:broken', key: 'file:broken' });
    const { error } = await ask(upstreams);
    expect(error).toMatchObject({ code: 'upstream.failed' });
    expect(`${error?.message}${JSON.stringify(upstreams.health())}`).not.toContain('SECRET');
  });

  test('new certificates are used for new connections', async () => {
    const own = secretsOf({ 'file:ca': certificateOf(other) });
    const { url } = await secure(forServer('localhost'));
    const upstreams = kept(open({ upstreams: [plain('a', url, { tls: { ca: 'file:ca' } })] }, { secrets: own }));
    expect(await ask(upstreams)).toMatchObject({ error: { code: 'upstream.failed' } });
    own.change('file:ca', certificateOf(root));
    expect(await ask(upstreams)).toMatchObject({ status: 200 });
  });
});
