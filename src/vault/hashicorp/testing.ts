import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that speaks as Vault's HTTP API documents it: two key-value engines, a database engine, AppRole and Kubernetes logins. */
export interface TestVault {
  readonly address: string;
  readonly rootToken: string;
  /** `secret/`, version 2. */
  readonly versioned: Map<string, object>;
  /** `team/kv/`, version 1. */
  readonly plain: Map<string, object>;
  readonly tokens: Map<string, { readonly until: number }>;
  readonly paths: string[];
  readonly bodies: unknown[];
  readonly namespaces: Set<string>;
  logins: number;
  /** Seconds that a renewal gives. */
  renewals: number;
  redirect: string | undefined;
  flood: boolean;
  /** Writes a file with a token. */
  file(text: string, path?: string): string;
  close(): Promise<void>;
}

const TOKEN_SECONDS = 3_600;
const LEASE_SECONDS = 300;

/** Starts it; `now` is its clock. */
export async function startVault(now: () => number): Promise<TestVault> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-vault-'));
  let leases = 0;
  let files = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  });

  function answer(request: IncomingMessage, response: ServerResponse, text: string): void {
    const path = (request.url ?? '').replace(/^\/v1\//, '');
    const reply = (status: number, json: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    if (vault.redirect !== undefined) return void response.writeHead(307, { location: vault.redirect }).end();
    if (vault.flood) {
      response.writeHead(200).on('error', () => undefined);
      const more = (): void => void (response.destroyed || setImmediate(() => response.write(Buffer.alloc(1 << 20), more)));
      return more();
    }
    vault.paths.push(`${request.method} ${path}`);
    const namespace = request.headers['x-vault-namespace'];
    if (typeof namespace === 'string') vault.namespaces.add(namespace);
    const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
    if (body !== undefined) vault.bodies.push(body);
    if (path.endsWith('/login')) return login(path, body ?? {}, reply);
    const token = String(request.headers['x-vault-token']);
    if ((vault.tokens.get(token)?.until ?? 0) <= now()) return reply(403, { errors: ['permission denied'] });
    known(path, token, reply);
  }

  function grant(token: string, seconds: number): object {
    vault.tokens.set(token, { until: now() + seconds * 1_000 });
    return { auth: { client_token: token, lease_duration: seconds, renewable: true } };
  }

  function login(path: string, body: Record<string, unknown>, reply: (status: number, json: unknown) => void): void {
    const isRight =
      path === 'auth/approle/login'
        ? body.role_id === 'role-1' && body.secret_id === 'secret-1'
        : path === 'auth/k8s/prod/login' && body.jwt === 'jwt-1';
    if (!isRight) return reply(400, { errors: ['invalid secret-1 hint'] });
    vault.logins++;
    reply(200, grant(`token-${vault.logins}`, TOKEN_SECONDS));
  }

  function known(path: string, token: string, reply: (status: number, json: unknown) => void): void {
    const mount = /^sys\/internal\/ui\/mounts\/(.*)$/.exec(path)?.[1];
    if (mount?.startsWith('secret/')) return reply(200, { data: { path: 'secret/', type: 'kv', options: { version: '2' } } });
    if (mount?.startsWith('team/kv/')) return reply(200, { data: { path: 'team/kv/', type: 'kv', options: { version: '1' } } });
    if (mount?.startsWith('database/')) return reply(200, { data: { path: 'database/', type: 'database', options: null } });
    if (mount !== undefined) return reply(403, { errors: ['preflight capability check returned 403'] });
    if (path === 'auth/token/lookup-self') return reply(200, { data: { ttl: 0, renewable: false } });
    if (path === 'auth/token/renew-self') return reply(200, grant(token, vault.renewals));
    if (path === 'auth/token/revoke-self') {
      vault.tokens.delete(token);
      return reply(204, undefined);
    }
    if (path === 'sys/leases/renew')
      return reply(200, { lease_id: `lease-${leases}`, lease_duration: Math.min(vault.renewals, LEASE_SECONDS), renewable: true });
    if (path === 'database/creds/app') {
      leases++;
      const data = { username: `user-${leases}`, password: `password-${leases}` };
      return reply(200, { lease_id: `lease-${leases}`, lease_duration: LEASE_SECONDS, renewable: true, data });
    }
    const versioned = vault.versioned.get(path.replace(/^secret\/data\//, ''));
    if (path.startsWith('secret/data/') && versioned !== undefined)
      return reply(200, { data: { data: versioned, metadata: { version: 1 } } });
    const plain = vault.plain.get(path.replace(/^team\/kv\//, ''));
    if (path.startsWith('team/kv/') && plain !== undefined)
      return reply(200, { lease_id: '', lease_duration: 2_764_800, renewable: false, data: plain });
    reply(404, { errors: [] });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vault: TestVault = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rootToken: 'root-token',
    versioned: new Map(),
    plain: new Map(),
    tokens: new Map([['root-token', { until: Infinity }]]),
    paths: [],
    bodies: [],
    namespaces: new Set(),
    logins: 0,
    renewals: TOKEN_SECONDS,
    redirect: undefined,
    flood: false,
    file(text, path = join(folder, `token-${files++}`)) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
      return path;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
  return vault;
}
