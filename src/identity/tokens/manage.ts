import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { tokenDigest } from '../../store/act-digests.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import type { TokenTable } from '../../store/schema/identity.ts';
import type { Identity } from '../identity.ts';
import type { Principal } from '../permission.ts';
import { parseScopes, type Scopes } from '../permissions/scopes.ts';
import { grantedScopes, requireAdmin, requireControl } from '../principals/authority.ts';
import { type NewSecret, newSecret } from './secret.ts';

/** A token without its hash. */
export interface TokenRecord extends Omit<Selectable<TokenTable>, 'hash' | 'scopes'> {
  readonly scopes: Scopes;
}

/** A token that was just made. */
export interface CreatedToken {
  readonly token: TokenRecord;
  /** Shown to its owner now and never again. */
  readonly secret: string;
}

/** A token to be made. */
export interface NewToken {
  readonly principal: string;
  /** For people, to know what it is used for. */
  readonly name: string;
  readonly scopes?: unknown;
  /** Epoch milliseconds; left out: until it is revoked. */
  readonly expiresAt?: number;
}

/** Makes a token. One that is made with a token allows no more and lives no longer than that one. */
export async function createToken(identity: Identity, actor: Principal, wanted: NewToken): Promise<CreatedToken> {
  requireControl(actor, wanted.principal);
  const scopes = grantedScopes(actor, parseScopes(wanted.scopes ?? {}));
  const expiresAt = earliest(wanted.expiresAt ?? null, actor.credential.kind === 'token' ? actor.credential.expiresAt : null);
  return await identity.store.transaction((tx) =>
    insertToken(identity, tx, actor.name, { ...wanted, scopes, expiresAt, madeWith: tokenOf(actor) }),
  );
}

/** {@link createToken} inside a transaction, by whoever was found entitled. */
export async function insertToken(
  identity: Identity,
  tx: Tx,
  by: string,
  wanted: {
    readonly principal: string;
    readonly name: string;
    readonly scopes: Scopes;
    readonly expiresAt: number | null;
    /** The secret, where the caller had to write it down first. */
    readonly made?: NewSecret;
    /** Id of the first of the tokens that this one succeeds. */
    readonly family?: string;
    /** Id of the token by which its maker was known. */
    readonly madeWith?: string | null;
  },
): Promise<CreatedToken> {
  const now = identity.now();
  if (wanted.name === '' || wanted.name.length > 200)
    throw new CordonError('request.invalid', 'a token has a name of up to 200 characters');
  if (wanted.expiresAt !== null && (!Number.isSafeInteger(wanted.expiresAt) || wanted.expiresAt <= now)) {
    throw new CordonError('request.invalid', 'a token expires in the future');
  }
  const owner = await tx.selectFrom('principal').select('name').where('id', '=', wanted.principal).executeTakeFirst();
  if (owner === undefined) throw new CordonError('request.invalid', 'there is no such principal');
  const { secret, prefix, hash } = wanted.made ?? newSecret();
  const id = newId();
  const row = {
    id,
    family: wanted.family ?? id,
    made_with: wanted.madeWith ?? null,
    principal_id: wanted.principal,
    name: wanted.name,
    prefix,
    created_at: now,
    expires_at: wanted.expiresAt,
    revoked_at: null,
    last_used_at: null,
  };
  const stored = { ...row, hash, scopes: JSON.stringify(wanted.scopes) };
  await tx.insertInto('token').values(stored).execute();
  const body = {
    by,
    token: row.id,
    row: tokenDigest(stored),
    family: row.family,
    madeWith: row.made_with,
    name: row.name,
    prefix,
    principal: row.principal_id,
    owner: owner.name,
    scopes: wanted.scopes,
    expiresAt: row.expires_at,
  };
  await identity.record(tx, { kind: 'token.created', body, at: now });
  return { token: { ...row, scopes: wanted.scopes }, secret };
}

/** Makes a successor with the same name, scopes and lifetime; the old one works for `overlapMs` more, so that nobody is cut off. */
export async function rotateToken(
  identity: Identity,
  actor: Principal,
  id: string,
  options: { readonly overlapMs: number; readonly expiresAt?: number },
): Promise<CreatedToken> {
  const now = identity.now();
  return await identity.store.transaction(async (tx) => {
    const old = await tokenFor(tx, actor, id);
    requireControl(actor, old.principal_id);
    if (old.revoked_at !== null || (old.expires_at !== null && old.expires_at <= now)) {
      throw new CordonError('request.invalid', 'the token is not valid any more');
    }
    const { profile, ...rest } = parseScopes(JSON.parse(old.scopes));
    const granted = grantedScopes(actor, rest);
    // Why kept whoever asks: without it the guard would do less for the successor.
    const scopes = profile === undefined ? granted : { ...granted, profile: granted.profile ?? profile };
    const lifetime = old.expires_at === null ? null : now + (old.expires_at - old.created_at);
    const expiresAt = earliest(
      options.expiresAt ?? lifetime,
      actor.credential.kind === 'token' && actor.id === old.principal_id ? actor.credential.expiresAt : null,
    );
    const ends = earliest(old.expires_at, now + Math.max(0, options.overlapMs));
    await tx.updateTable('token').set({ expires_at: ends }).where('id', '=', id).execute();
    const made = await insertToken(identity, tx, actor.name, {
      principal: old.principal_id,
      name: old.name,
      scopes,
      expiresAt,
      family: old.family ?? old.id,
      madeWith: tokenOf(actor),
    });
    const body = { by: actor.name, token: id, successor: made.token.id, endsAt: ends };
    await identity.record(tx, { kind: 'token.rotated', body, at: now });
    return made;
  });
}

/**
 * Ends a token, with `cascade` also all that were made with it, with those, and so on, whose they are: whoever may end a token may end
 * what came of it. Effective with the next request; any credential may end the tokens of its own principal. Answers what was ended.
 */
export async function revokeToken(
  identity: Identity,
  actor: Principal,
  id: string,
  { cascade = false }: { readonly cascade?: boolean } = {},
): Promise<readonly string[]> {
  const now = identity.now();
  return await identity.store.transaction(async (tx) => {
    const first = await tokenFor(tx, actor, id);
    const ended: string[] = [];
    for (const row of cascade ? [first, ...(await madeWith(tx, id))] : [first]) {
      if (row.revoked_at !== null) continue;
      await tx.updateTable('token').set({ revoked_at: now }).where('id', '=', row.id).execute();
      const body = { by: actor.name, token: row.id, name: row.name, prefix: row.prefix, principal: row.principal_id, revokedAt: now };
      await identity.record(tx, { kind: 'token.revoked', body: row.id === id ? body : { ...body, because: id }, at: now });
      ended.push(row.id);
    }
    return ended;
  });
}

/** All tokens that came of one, revoked ones included: what they made may still be valid. */
async function madeWith(tx: Tx, id: string): Promise<readonly Selectable<TokenTable>[]> {
  const found = new Map<string, Selectable<TokenTable>>();
  const makers = [id];
  while (makers.length > 0) {
    const rows = await tx.selectFrom('token').selectAll().where('made_with', 'in', makers.splice(0, MAKERS_AT_ONCE)).execute();
    for (const row of rows) {
      if (row.id === id || found.has(row.id)) continue;
      found.set(row.id, row);
      makers.push(row.id);
    }
  }
  return [...found.values()];
}

/** Why: SQLite takes 32,766 variables in a statement. */
const MAKERS_AT_ONCE = 1_000;

function tokenOf({ credential }: Principal): string | null {
  return credential.kind === 'token' ? credential.id : null;
}

/** Tokens of a principal, or of everybody for whoever manages the server; newest first. `prefix`: those that begin like that. */
export async function listTokens(identity: Identity, actor: Principal, principal?: string, prefix = ''): Promise<readonly TokenRecord[]> {
  if (principal !== actor.id) requireAdmin(actor);
  const query = identity.store.db.selectFrom('token').selectAll().orderBy('id', 'desc');
  const whose = principal === undefined ? query : query.where('principal_id', '=', principal);
  // Why not LIKE: its stars would have to be taken apart, and the text is compared as bytes either way.
  const rows = await whose.where('prefix', '>=', prefix).where('prefix', '<', `${prefix}\u{10FFFF}`).execute();
  return rows.map((row) => {
    const { hash: _, scopes, ...shown } = row;
    return { ...shown, scopes: JSON.parse(scopes) as Scopes };
  });
}

/** A token that the actor may know of. Why the same answer for others' and for none: ids are not to be probed. */
async function tokenFor(tx: Tx, actor: Principal, id: string): Promise<Selectable<TokenTable>> {
  const row = await tx.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || (row.principal_id !== actor.id && !actor.can('admin', '*'))) {
    throw new CordonError('request.invalid', 'there is no such token');
  }
  return row;
}

function earliest(first: number | null, second: number | null): number | null {
  return first === null || second === null ? (first ?? second) : Math.min(first, second);
}
