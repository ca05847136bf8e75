import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { secretIn } from '../../core/secret-reference.ts';
import type { PrincipalTable } from '../../store/schema/identity.ts';
import type { Identity } from '../identity.ts';
import { equalInConstantTime } from '../tokens/secret.ts';
import { subjectOf } from './claims.ts';
import { boundedFetch, json } from './discovery.ts';
import { principalOfSubject } from './subject.ts';
import type { OidcVerifier } from './verifier.ts';

/** What must be kept between sending somebody to the provider and their return, in a cookie of that browser only. */
export interface PendingLogin {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Starts a login by authorization code with PKCE: where to send the browser, and what to keep. */
export async function beginLogin(
  identity: Identity,
  issuer: string,
  redirectUri: string,
): Promise<{ readonly url: string; readonly pending: PendingLogin }> {
  const verifier = loginVerifier(identity, issuer);
  const { authorization_endpoint: endpoint } = await verifier.provider(identity.now());
  if (endpoint === undefined) throw new CordonError('network.refused', `${issuer} offers no login`);
  const pending = { issuer, redirectUri, state: random(), nonce: random(), codeVerifier: random() };
  const url = new URL(endpoint);
  const challenge = createHash('sha256').update(pending.codeVerifier).digest('base64url');
  const parameters = {
    response_type: 'code',
    client_id: verifier.config.clientId!,
    redirect_uri: redirectUri,
    scope: verifier.config.scopes.join(' '),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, pending };
}

/**
 * Ends a login: exchanges the code and verifies the ID token. Returns the principal, for a session; throws `access.denied`
 * when anything does not fit what was kept.
 */
export async function finishLogin(
  identity: Identity,
  pending: PendingLogin,
  callback: URLSearchParams,
): Promise<Pick<Selectable<PrincipalTable>, 'id' | 'name'>> {
  const verifier = loginVerifier(identity, pending.issuer);
  const now = identity.now();
  const provider = await verifier.provider(now);
  // Why first: without it somebody could be logged in as the attacker by following a link.
  if (!equalInConstantTime(callback.get('state') ?? '', pending.state)) throw refused('the login was not started in this browser');
  const iss = callback.get('iss');
  // Why: a code of one provider must not be taken to another (RFC 9207).
  if (iss !== null ? iss !== pending.issuer : provider.authorization_response_iss_parameter_supported)
    throw refused('the answer is of another issuer');
  const code = callback.get('code');
  if (code === null) throw refused(`the identity provider refused: ${(callback.get('error') ?? 'no code').slice(0, 100)}`);
  const idToken = await exchange(identity, verifier, provider.token_endpoint, pending, code);
  const { clientId } = verifier.config;
  const claims = await verifier.verifyJwt(idToken, [clientId!], now).catch((error: unknown) => {
    throw new CordonError('access.denied', 'the ID token is not valid', { cause: error });
  });
  if (typeof claims['nonce'] !== 'string' || !equalInConstantTime(claims['nonce'], pending.nonce))
    throw refused('the ID token is of another login');
  if (claims['azp'] !== undefined && claims['azp'] !== clientId) throw refused('the ID token was made for another client');
  const row = await principalOfSubject(identity, { ...subjectOf(claims, verifier.config), kind: 'user' }, now);
  if (row === undefined || row.disabled_at !== null) throw refused('nobody here has this login');
  return { id: row.id, name: row.name };
}

async function exchange(
  identity: Identity,
  verifier: OidcVerifier,
  endpoint: string | undefined,
  pending: PendingLogin,
  code: string,
): Promise<string> {
  if (endpoint === undefined) throw new CordonError('network.refused', `${pending.issuer} offers no login`);
  const { clientId, clientSecret, clientSecretEnv } = verifier.config;
  const secretAt = secretIn(clientSecret, clientSecretEnv);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: pending.redirectUri,
    code_verifier: pending.codeVerifier,
  });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  if (secretAt === undefined) {
    form.set('client_id', clientId!);
  } else {
    const secret = await identity.secrets.get(secretAt);
    // Form encoding inside Basic: RFC 6749, section 2.3.1.
    headers['authorization'] = `Basic ${Buffer.from(`${formEncoded(clientId!)}:${formEncoded(secret)}`).toString('base64')}`;
  }
  const response = await boundedFetch(endpoint, { method: 'POST', headers, body: form.toString() });
  if (response.status === 400 || response.status === 401) throw refused('the identity provider did not accept the code');
  const answer = (await json(response)) as { readonly id_token?: unknown } | null;
  if (typeof answer?.id_token !== 'string') throw refused('the identity provider sent no ID token');
  return answer.id_token;
}

function loginVerifier(identity: Identity, issuer: string): OidcVerifier {
  const verifier = identity.rules.issuers.get(issuer);
  if (verifier?.config.clientId === undefined) throw new CordonError('config.invalid', 'this issuer is not configured for logins');
  return verifier;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function refused(message: string): CordonError {
  return new CordonError('access.denied', message);
}
