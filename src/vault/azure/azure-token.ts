import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Asker, Question } from '../http/ask.ts';
import { type CachedToken, cachedToken } from '../http/cached-token.ts';

const Answer = z.object({ access_token: z.string().min(1).max(20_000), expires_in: z.coerce.number().min(0).max(604_800) });

export interface AzureIdentityOptions {
  readonly asker: Asker;
  /** Asks the machine itself, which speaks http. */
  readonly metadata: Asker;
  readonly authority: string;
  /** What the token is for, such as `https://vault.azure.net`. */
  readonly resource: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly code: 'secret.unavailable' | 'key.unavailable';
}

/**
 * A token of Microsoft Entra by what the environment offers, in this order: the federated token of a workload (AZURE_FEDERATED_TOKEN_FILE),
 * a client secret (AZURE_CLIENT_SECRET), the identity service of an app (IDENTITY_ENDPOINT), that of the machine.
 */
export function azureToken({ asker, metadata, authority, resource, env, now, code }: AzureIdentityOptions): CachedToken {
  return cachedToken(async (signal) => {
    const { asks, question } = await questionOf({ asker, metadata, authority, resource, env });
    const { status, json } = await asks.ask({ ...question, signal });
    const answer = Answer.safeParse(json);
    if (status !== 200 || !answer.success) throw new CordonError(code, `Azure gives no token for ${resource} (status ${status})`);
    return { value: answer.data.access_token, until: now() + answer.data.expires_in * 1_000 };
  }, now);
}

async function questionOf({
  asker,
  metadata,
  authority,
  resource,
  env,
}: Pick<AzureIdentityOptions, 'asker' | 'metadata' | 'authority' | 'resource' | 'env'>): Promise<{ asks: Asker; question: Question }> {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret, AZURE_FEDERATED_TOKEN_FILE: file } = env;
  if (tenant && client && (file || secret)) {
    const proof: Record<string, string> = file
      ? {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: (await readFile(file, 'utf8')).trim(),
        }
      : { client_secret: secret ?? '' };
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: client, scope: `${resource}/.default`, ...proof });
    const url = `${(env.AZURE_AUTHORITY_HOST ?? authority).replace(/\/+$/, '')}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { asks: asker, question: { method: 'POST', url, headers, body: form.toString() } };
  }
  const query = new URLSearchParams({ resource, ...(client && { client_id: client }) });
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env;
  if (endpoint && header) {
    query.set('api-version', '2019-08-01');
    return { asks: metadata, question: { method: 'GET', url: `${endpoint}?${query}`, headers: { 'x-identity-header': header } } };
  }
  query.set('api-version', '2018-02-01');
  const url = `http://169.254.169.254/metadata/identity/oauth2/token?${query}`;
  return { asks: metadata, question: { method: 'GET', url, headers: { metadata: 'true' } } };
}
