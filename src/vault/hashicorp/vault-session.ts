import { resolve } from 'node:path';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { VaultAuth } from '../../core/secrets-config.ts';
import type { Answer, Asker } from '../http/ask.ts';
import { readSecretFile } from '../secrets/file.ts';

/** Requests to a Vault by somebody it knows. */
export interface VaultSession {
  /** Sends a request below `/v1/`. Logs in when that is needed, once more when the Vault says no. */
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: object, signal?: AbortSignal): Promise<Answer>;
  /** Gives the token back, and with it every lease it holds; not one that was given. */
  close(): Promise<void>;
}

export interface VaultSessionOptions {
  readonly asker: Asker;
  readonly address: string;
  readonly namespace?: string | undefined;
  readonly auth: VaultAuth;
  readonly env: NodeJS.ProcessEnv;
  /** Folder that files are relative to. */
  readonly folder: string;
  readonly now: () => number;
}

interface Token {
  readonly value: string;
  readonly renewable: boolean;
  /** Milliseconds; 0: no end. */
  readonly lease: number;
  /** Lease at the first login. Why: a token near its greatest age is renewed for ever shorter times. */
  readonly firstLease: number;
  readonly renewAt: number;
}

const Login = z.object({
  auth: z.object({ client_token: z.string().min(1).max(10_000), lease_duration: z.number().min(0), renewable: z.boolean() }),
});
const Lookup = z.object({ data: z.object({ ttl: z.number().min(0), renewable: z.boolean().default(false) }) });

/** Opens a session; nothing is sent before the first request. */
export function openVaultSession({ asker, address, namespace, auth, env, folder, now }: VaultSessionOptions): VaultSession {
  const base = `${address.replace(/\/+$/, '')}/v1/`;
  let token: Token | undefined;
  let preparing: Promise<Token> | undefined;

  function send(method: 'GET' | 'POST' | 'PUT', path: string, value: string | undefined, body?: object, signal?: AbortSignal) {
    return asker.ask({
      method,
      url: base + path,
      headers: {
        'x-vault-request': 'true',
        ...(value !== undefined && { 'x-vault-token': value }),
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
      },
      ...(body !== undefined && { body }),
      signal,
    });
  }

  function tokenFrom(value: string, seconds: number, renewable: boolean, firstLease = seconds * 1_000): Token {
    const lease = seconds * 1_000;
    return { value, renewable, lease, firstLease, renewAt: lease === 0 ? Infinity : now() + lease / 2 };
  }

  async function login(): Promise<Token> {
    if (auth.method === 'token') {
      const value = await localSecret(auth.token, env, folder);
      const { status, json } = await send('GET', 'auth/token/lookup-self', value);
      const known = Lookup.safeParse(json);
      // Why not an error: a token may be forbidden to look at itself.
      return status === 200 && known.success
        ? tokenFrom(value, known.data.data.ttl, known.data.data.renewable)
        : tokenFrom(value, 0, false);
    }
    const body =
      auth.method === 'approle'
        ? { role_id: await localSecret(auth.roleId, env, folder), secret_id: await localSecret(auth.secretId, env, folder) }
        : { role: auth.role, jwt: (await readSecretFile(resolve(folder, auth.tokenFile), `file:${auth.tokenFile}`)).toString().trim() };
    const { status, json } = await send('POST', `auth/${auth.mount}/login`, undefined, body);
    const answer = Login.safeParse(json);
    if (status !== 200 || !answer.success) throw refused(`the vault does not let ${auth.method} in (status ${status})`);
    const { client_token: value, lease_duration: seconds, renewable } = answer.data.auth;
    return tokenFrom(value, seconds, renewable);
  }

  async function renewed(old: Token): Promise<Token> {
    if (old.renewable) {
      const { status, json } = await send('POST', 'auth/token/renew-self', old.value, {});
      const answer = Login.safeParse(json);
      if (status === 200 && answer.success) {
        const { lease_duration: seconds, renewable } = answer.data.auth;
        if (auth.method === 'token' || seconds * 1_000 >= old.firstLease / 4)
          return tokenFrom(old.value, seconds, renewable, old.firstLease);
      }
    }
    return login();
  }

  async function prepare(): Promise<Token> {
    // Why looked at each time: Vault Agent writes a new token into the same file.
    const isReplaced = auth.method === 'token' && token !== undefined && (await localSecret(auth.token, env, folder)) !== token.value;
    if (token !== undefined && !isReplaced && now() < token.renewAt) return token;
    return (token = token === undefined || isReplaced ? await login() : await renewed(token));
  }

  const ready = (): Promise<Token> => (preparing ??= prepare().finally(() => (preparing = undefined)));

  return {
    async call(method, path, body, signal) {
      const used = await ready();
      const answer = await send(method, path, used.value, body, signal);
      if (answer.status !== 403 || auth.method === 'token') return answer;
      // The token may have been revoked.
      if (token === used) token = undefined;
      return send(method, path, (await ready()).value, body, signal);
    },
    async close() {
      if (token !== undefined && auth.method !== 'token')
        await send('POST', 'auth/token/revoke-self', token.value, {}).catch(() => undefined);
      token = undefined;
    },
  };
}

async function localSecret(reference: string, env: NodeJS.ProcessEnv, folder: string): Promise<string> {
  const name = reference.slice(reference.indexOf(':') + 1);
  const value = reference.startsWith('env:')
    ? (env[name] ?? '')
    : (await readSecretFile(resolve(folder, name), reference)).toString().trim();
  if (value === '') throw refused(`${reference}, by which the vault knows who asks, is empty`);
  return value;
}

function refused(message: string): CordonError {
  return new CordonError('secret.unavailable', message);
}
