import { errorMessage } from '../core/errors.ts';
import { isCordonToken } from '../patterns/secrets/cordon-token.ts';
import { type Credential, MAX_CREDENTIAL } from './credential.ts';
import type { Identity } from './identity.ts';
import { earliestEnd, type KnownPrincipal } from './known-principals.ts';
import { groupsEnd, loadPrincipal, rememberedGroups } from './load-principal.ts';
import { mayComeFrom } from './may-come-from.ts';
import { authenticateOidc } from './oidc/authenticate-oidc.ts';
import type { Principal } from './permission.ts';
import { parseScopes, type Scopes } from './permissions/scopes.ts';
import { authenticateSession } from './sessions/session.ts';
import { equalInConstantTime, secretHash } from './tokens/secret.ts';

/** Why somebody was not let in: for the log, never for them. */
export type Refusal = { readonly reason: string; readonly about?: string };

/**
 * Who presents this credential; undefined when nobody is known by it. Why nothing else: what was wrong with it would help
 * whoever is guessing, so that goes to the log. A database that does not answer is an exception.
 */
export async function authenticate(
  identity: Identity,
  credential: Credential,
  now: number = identity.now(),
  /** Canonical address of the client, `any` for who asks {@link mayComeFrom} later; without it, what is bound to addresses is refused. */
  ip?: string,
): Promise<Principal | undefined> {
  const found = await resolve(identity, credential, now);
  const result = 'reason' in found || ip === 'any' || mayComeFrom(found, ip) ? found : { reason: 'not from this address', about: found.id };
  if (!('reason' in result)) return result;
  identity.log.warn({ reason: result.reason, about: result.about, credential: credential.kind }, 'a credential was refused');
  return undefined;
}

async function resolve(identity: Identity, credential: Credential, now: number): Promise<Principal | Refusal> {
  if (credential.kind === 'session') return await authenticateSession(identity, credential.secret, now);
  if (credential.token.length > MAX_CREDENTIAL) return { reason: 'longer than any credential' };
  if (isCordonToken(credential.token)) return await authenticateToken(identity, credential.token, now);
  if (credential.token.split('.').length === 3) return await authenticateOidc(identity, credential.token, now);
  return { reason: 'neither a token of Cordon nor a JWT' };
}

async function authenticateToken(identity: Identity, secret: string, now: number): Promise<Principal | Refusal> {
  const hash = secretHash(secret);
  const found = await identity.known.get(`token ${hash}`, now, () => loadToken(identity, hash, now), isLoaded);
  if (!('reason' in found) && found.credential.id !== null) identity.usage.touch(found.credential.id, now);
  return found;
}

function isLoaded(loaded: KnownPrincipal | Refusal): loaded is KnownPrincipal {
  return 'principal' in loaded;
}

async function loadToken(identity: Identity, hash: string, now: number): Promise<KnownPrincipal | Refusal> {
  const token = await identity.store.db
    .selectFrom('token')
    .innerJoin('principal', 'principal.id', 'token.principal_id')
    .selectAll('principal')
    .select(['token.id as token_id', 'token.hash', 'token.scopes', 'token.family', 'token.revoked_at', 'token.expires_at'])
    .where('token.hash', '=', hash)
    .executeTakeFirst();
  // Why compared again: a database that compares text by looser rules than bytes would find look-alikes.
  if (token === undefined || !equalInConstantTime(token.hash, hash)) return { reason: 'no such token' };
  const about = token.token_id;
  if (token.revoked_at !== null) return { reason: 'the token was revoked', about };
  if (token.expires_at !== null && token.expires_at <= now) return { reason: 'the token has expired', about };
  let scopes: Scopes;
  try {
    scopes = parseScopes(JSON.parse(token.scopes));
  } catch (error) {
    return { reason: `the scopes of the token cannot be read: ${errorMessage(error)}`, about };
  }
  if (token.disabled_at !== null) return { reason: 'the principal is disabled', about };
  const credential = { kind: 'token', id: about, family: token.family ?? about, scopes, expiresAt: token.expires_at } as const;
  const { rules } = identity;
  const principal = await loadPrincipal(identity, rules, token, credential, rememberedGroups(rules, token, now));
  return { principal, until: earliestEnd(token.expires_at, groupsEnd(rules, token)) };
}
