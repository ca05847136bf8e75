import { createSign } from 'node:crypto';
import * as z from 'zod';
import { CordonError } from '../../../../core/errors.ts';
import type { UpstreamOf } from '../../../../core/gateway-upstream-config.ts';
import { googleToken } from '../../../../vault/gcp/google-token.ts';
import { type Asker, openAsker } from '../../../../vault/http/ask.ts';
import type { SecretReader } from '../upstreams.ts';
import type { Credential } from './credential.ts';
import { type GivenToken, tokenCredential } from './token-credential.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT_MS = 10_000;
/** How long a token of the environment is used before its cache is asked again. */
const ASK_MS = 60_000;

const ServiceAccount = z.object({
  client_email: z.string().min(1).max(500),
  private_key: z.string().min(1).max(20_000),
  private_key_id: z.string().max(500).optional(),
});
const Answer = z.object({ access_token: z.string().min(1).max(20_000), expires_in: z.coerce.number().min(1).max(604_800) });

/** Access tokens of Google Cloud: of a service account, or of whatever the environment says. */
export function googleCredential(
  { serviceAccount, tokenUrl }: Pick<UpstreamOf<'vertex'>, 'serviceAccount' | 'tokenUrl'>,
  secrets: SecretReader,
  now: () => number,
): Credential {
  const asker = openAsker({ code: 'secret.unavailable', timeoutMs: TIMEOUT_MS });
  const metadata = openAsker({ code: 'secret.unavailable', timeoutMs: TIMEOUT_MS, allowHttp: true });
  const ambient = googleToken({ asker, metadata, env: process.env, now, code: 'secret.unavailable' });
  const ask =
    serviceAccount === undefined
      ? async () => ({ value: await ambient.get(), until: now() + ASK_MS })
      : async () => exchange(await secrets.get(serviceAccount), tokenUrl, asker, now());
  return tokenCredential(ask, now, () => void Promise.all([asker.close(), metadata.close()]));
}

/** Why the address is not taken from the key file: whoever writes that file would be sent our assertions. */
async function exchange(keyFile: string, tokenUrl: string, asker: Asker, at: number): Promise<GivenToken> {
  const assertion = assertionBy(keyFile, tokenUrl, at);
  const { status, json } = await asker.ask({
    method: 'POST',
    url: tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
  });
  const answer = Answer.safeParse(json);
  if (status !== 200 || !answer.success) throw new CordonError('secret.unavailable', `Google gives no token (status ${status})`);
  return { value: answer.data.access_token, until: at + answer.data.expires_in * 1_000 };
}

/** A signed claim of who we are. Why nothing of a reason: it may quote the key. */
function assertionBy(keyFile: string, audience: string, at: number): string {
  try {
    const account = ServiceAccount.parse(JSON.parse(keyFile));
    const issued = Math.floor(at / 1_000);
    const head = { alg: 'RS256', typ: 'JWT', ...(account.private_key_id !== undefined && { kid: account.private_key_id }) };
    const claims = { iss: account.client_email, sub: account.client_email, aud: audience, scope: SCOPE, iat: issued, exp: issued + 3_600 };
    const unsigned = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(account.private_key, 'base64url')}`;
  } catch {
    throw new CordonError('secret.unavailable', 'the key file of the service account cannot be used');
  }
}
