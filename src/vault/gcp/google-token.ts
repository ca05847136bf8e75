import { createSign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Asker } from '../http/ask.ts';
import { type CachedToken, cachedToken, type Token } from '../http/cached-token.ts';
import { GoogleCredentials, type ExternalAccount, type ServiceAccount } from './google-credentials.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const Answer = z.object({ access_token: z.string().min(1).max(20_000), expires_in: z.coerce.number().min(0).max(604_800) });
const Impersonated = z.object({ accessToken: z.string().min(1).max(20_000), expireTime: z.iso.datetime({ offset: true }) });

export interface GoogleIdentityOptions {
  readonly asker: Asker;
  /** Asks the machine itself, which speaks http. */
  readonly metadata: Asker;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly code: 'secret.unavailable' | 'key.unavailable';
}

/**
 * An access token of Google Cloud: by the key of a service account or a federated workload (GOOGLE_APPLICATION_CREDENTIALS), else by the
 * metadata server of the machine.
 */
export function googleToken({ asker, metadata, env, now, code }: GoogleIdentityOptions): CachedToken {
  const fail = (why: string): CordonError => new CordonError(code, `Google gives no token: ${why}`);

  async function post(url: string, form: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Token> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, json } = await asker.ask({ method: 'POST', url, headers, body: new URLSearchParams(form).toString(), signal });
    return tokenOf(status, json);
  }

  function tokenOf(status: number, json: unknown): Token {
    const answer = Answer.safeParse(json);
    if (status !== 200 || !answer.success) throw fail(`status ${status}`);
    return { value: answer.data.access_token, until: now() + answer.data.expires_in * 1_000 };
  }

  async function byKey(
    { client_email: email, private_key: key, private_key_id: id, token_uri: url }: ServiceAccount,
    signal?: AbortSignal,
  ) {
    const issued = Math.floor(now() / 1_000);
    const claims = { iss: email, sub: email, aud: url, scope: SCOPE, iat: issued, exp: issued + 3_600 };
    const head = { alg: 'RS256', typ: 'JWT', ...(id !== undefined && { kid: id }) };
    const unsigned = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    let signature: string;
    try {
      signature = createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url');
    } catch {
      throw fail('the private key of the service account cannot be used');
    }
    return post(url, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${unsigned}.${signature}` }, signal);
  }

  async function federated(account: ExternalAccount, signal?: AbortSignal): Promise<Token> {
    const { credential_source: source, service_account_impersonation_url: target } = account;
    const text = (await readFile(source.file, 'utf8')).trim();
    const subject = source.format?.type === 'json' ? memberOf(text, source.format.subject_token_field_name) : text;
    if (subject === undefined) throw fail('the file of the workload has no token');
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: account.audience,
      scope: SCOPE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: subject,
      subject_token_type: account.subject_token_type,
    };
    const token = await post(account.token_url, form, signal);
    if (target === undefined) return token;
    const headers = { authorization: `Bearer ${token.value}` };
    const { status, json } = await asker.ask({ method: 'POST', url: target, headers, body: { scope: [SCOPE] }, signal });
    const answer = Impersonated.safeParse(json);
    if (status !== 200 || !answer.success) throw fail(`status ${status} for the service account`);
    return { value: answer.data.accessToken, until: Date.parse(answer.data.expireTime) };
  }

  return cachedToken(async (signal) => {
    const file = env.GOOGLE_APPLICATION_CREDENTIALS;
    if (file) {
      const credentials = GoogleCredentials.safeParse(
        await readFile(file, 'utf8')
          .then(JSON.parse)
          .catch(() => undefined),
      );
      // Why nothing of the reason: it may quote the key.
      if (!credentials.success) throw fail('GOOGLE_APPLICATION_CREDENTIALS names no service account or federated workload');
      return credentials.data.type === 'service_account' ? byKey(credentials.data, signal) : federated(credentials.data, signal);
    }
    const host = env.GCE_METADATA_HOST ?? 'metadata.google.internal';
    const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`;
    const { status, json } = await metadata.ask({ method: 'GET', url, headers: { 'metadata-flavor': 'Google' }, signal });
    return tokenOf(status, json);
  }, now);
}

function memberOf(text: string, name: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(text) as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
