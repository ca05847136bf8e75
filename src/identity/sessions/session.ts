import { createHmac } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import { newId } from '../../store/ids.ts';
import type { Refusal } from '../authenticate.ts';
import type { Identity } from '../identity.ts';
import { loadPrincipal, rememberedGroups } from '../load-principal.ts';
import type { Principal } from '../permission.ts';
import { requireAdmin } from '../principals/authority.ts';
import { equalInConstantTime, newSecret, secretHash } from '../tokens/secret.ts';

/** A login: the secret goes into a cookie that scripts cannot read. */
export interface NewSession {
  readonly id: string;
  readonly secret: string;
  readonly expiresAt: number;
}

/** Starts a session of a principal whose identity was just proved. */
export async function createSession(
  identity: Identity,
  principal: { readonly id: string; readonly name: string },
  options: { readonly lifetimeMs: number; readonly method: 'password' | 'oidc' | 'token' },
): Promise<NewSession> {
  const now = identity.now();
  const { secret, hash } = newSecret();
  const id = newId();
  const expiresAt = now + options.lifetimeMs;
  await identity.store.transaction(async (tx) => {
    // Old ones go when new ones come: nothing else needs to sweep them.
    await tx.deleteFrom('session').where('expires_at', '<=', now).execute();
    await tx.insertInto('session').values({ id, principal_id: principal.id, hash, created_at: now, expires_at: expiresAt }).execute();
    const body = { principal: principal.id, name: principal.name, session: id, method: options.method, expiresAt };
    await identity.record(tx, { kind: 'session.started', body, at: now });
  });
  return { id, secret, expiresAt };
}

/** Ends a session. */
export async function endSession(identity: Identity, id: string): Promise<void> {
  await identity.store.transaction(async (tx) => {
    const row = await tx.deleteFrom('session').where('id', '=', id).returning('principal_id').executeTakeFirst();
    if (row === undefined) return;
    await identity.record(tx, { kind: 'session.ended', body: { principal: row.principal_id, session: id }, at: identity.now() });
  });
}

/** A login that lasts. */
export interface SessionRecord {
  readonly id: string;
  readonly principal: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Sessions of a principal, or of everybody for whoever manages the server; newest first. */
export async function listSessions(identity: Identity, actor: Principal, principal?: string): Promise<readonly SessionRecord[]> {
  if (principal !== actor.id) requireAdmin(actor);
  const query = identity.store.db.selectFrom('session').selectAll().where('expires_at', '>', identity.now()).orderBy('id', 'desc');
  const rows = await (principal === undefined ? query : query.where('principal_id', '=', principal)).execute();
  return rows.map((row) => ({ id: row.id, principal: row.principal_id, createdAt: row.created_at, expiresAt: row.expires_at }));
}

/** Ends a session of one's own, or of anybody for whoever manages the server. The same answer for others' and for none. */
export async function endSessionOf(identity: Identity, actor: Principal, id: string): Promise<void> {
  const row = await identity.store.db.selectFrom('session').select('principal_id').where('id', '=', id).executeTakeFirst();
  if (row === undefined || (row.principal_id !== actor.id && !actor.can('admin', '*')))
    throw new CordonError('request.invalid', 'there is no such session');
  await endSession(identity, id);
}

/** Who has this session. */
export async function authenticateSession(identity: Identity, secret: string, now: number): Promise<Principal | Refusal> {
  if (secret.length > 200) return { reason: 'longer than any session' };
  const hash = secretHash(secret);
  const session = await identity.store.db.selectFrom('session').selectAll().where('hash', '=', hash).executeTakeFirst();
  if (session === undefined || !equalInConstantTime(session.hash, hash)) return { reason: 'no such session' };
  if (session.expires_at <= now) return { reason: 'the session has expired', about: session.id };
  const row = await identity.store.db.selectFrom('principal').selectAll().where('id', '=', session.principal_id).executeTakeFirst();
  if (row === undefined || row.disabled_at !== null) return { reason: 'the principal is disabled', about: session.id };
  const { rules } = identity;
  return await loadPrincipal(
    identity,
    rules,
    row,
    { kind: 'session', id: session.id, scopes: {}, expiresAt: session.expires_at },
    rememberedGroups(rules, row, now),
  );
}

/**
 * The token that pages of this session send with every change. Why derived and not kept: only who can read the cookie or our
 * pages can know it, and there is nothing to store or lose.
 */
export function csrfToken(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('cordon csrf').digest('base64url');
}

/** Whether a change was sent by our own pages. */
export function verifyCsrfToken(sessionSecret: string, token: string | undefined): boolean {
  return token !== undefined && equalInConstantTime(csrfToken(sessionSecret), token);
}
