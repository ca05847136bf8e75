import type { Identity } from './identity.ts';
import { earliestEnd, type KnownPrincipal } from './known-principals.ts';
import { groupsEnd, loadPrincipal, rememberedGroups } from './load-principal.ts';
import type { Principal } from './permission.ts';
import { parseScopes } from './permissions/scopes.ts';

/** Who a ticket was made for, and with which token they had come. */
export interface Bearer {
  readonly principal: string;
  /** Null: they came with something else, such as a login at an identity provider. */
  readonly token: string | null;
}

/** The principal as it is now; undefined when it or its token may not act any more. Why not as it was: a revocation counts at once. */
export async function resumePrincipal(identity: Identity, bearer: Bearer, now: number = identity.now()): Promise<Principal | undefined> {
  const key = `bearer ${bearer.token ?? ''} ${bearer.principal}`;
  return identity.known.get(key, now, () => loadBearer(identity, bearer, now), isLoaded);
}

function isLoaded(loaded: KnownPrincipal | undefined): loaded is KnownPrincipal {
  return loaded !== undefined;
}

async function loadBearer(identity: Identity, bearer: Bearer, now: number): Promise<KnownPrincipal | undefined> {
  const { rules } = identity;
  const { db } = identity.store;
  const row = await db.selectFrom('principal').selectAll().where('id', '=', bearer.principal).executeTakeFirst();
  if (row === undefined || row.disabled_at !== null) return undefined;
  const groups = rememberedGroups(rules, row, now);
  const groupsUntil = groupsEnd(rules, row);
  if (bearer.token === null) {
    const principal = await loadPrincipal(identity, rules, row, { kind: 'oidc', id: null, scopes: {}, expiresAt: null }, groups);
    return { principal, until: earliestEnd(groupsUntil) };
  }
  const token = await db.selectFrom('token').selectAll().where('id', '=', bearer.token).executeTakeFirst();
  if (token === undefined || token.principal_id !== row.id || token.revoked_at !== null) return undefined;
  if (token.expires_at !== null && token.expires_at <= now) return undefined;
  const scopes = parseScopes(JSON.parse(token.scopes));
  const credential = { kind: 'token', id: token.id, family: token.family ?? token.id, scopes, expiresAt: token.expires_at } as const;
  const principal = await loadPrincipal(identity, rules, row, credential, groups);
  return { principal, until: earliestEnd(token.expires_at, groupsUntil) };
}
