import { CordonError } from '../../core/errors.ts';
import type { Identity } from '../identity.ts';
import type { Principal } from '../permission.ts';
import { requireControl, requireWholeCredential } from '../principals/authority.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** Sets the password of oneself or, as an administrator, of somebody else; every session of theirs ends. */
export async function setPassword(identity: Identity, actor: Principal, principal: string, password: string): Promise<void> {
  requireControl(actor, principal);
  requireWholeCredential(actor);
  const hash = await hashPassword(password);
  await identity.store.transaction(async (tx) => {
    const row = await tx
      .updateTable('principal')
      .set({ password_hash: hash })
      .where('id', '=', principal)
      .returning('name')
      .executeTakeFirst();
    if (row === undefined) throw new CordonError('request.invalid', 'there is no such principal');
    await tx.deleteFrom('session').where('principal_id', '=', principal).execute();
    await identity.record(tx, { kind: 'password.set', body: { by: actor.name, principal, name: row.name }, at: identity.now() });
  });
}

/**
 * Who has this name and password, for {@link createSession}. Undefined when nobody, after the same time whether the name
 * exists or not; the reason goes to the log.
 */
export async function checkPassword(
  identity: Identity,
  name: string,
  password: string,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  const now = identity.now();
  const refuse = (reason: string): undefined => {
    identity.log.warn({ reason, name: name.slice(0, 100) }, 'a login was refused');
    return undefined;
  };
  if (identity.throttle.blocked(name, now)) return refuse('too many failures, must wait');
  const row = await identity.store.db
    .selectFrom('principal')
    .select(['id', 'name', 'password_hash', 'disabled_at'])
    .where('name', '=', name)
    .executeTakeFirst();
  const { ok, upgrade } = await verifyPassword(password, row?.password_hash ?? null);
  if (row === undefined || !ok || row.disabled_at !== null) {
    identity.throttle.failed(name, now);
    await identity.throttle.tellOthers?.(name, false);
    return refuse(row === undefined ? 'no such name' : ok ? 'the principal is disabled' : 'wrong password');
  }
  identity.throttle.succeeded(name);
  await identity.throttle.tellOthers?.(name, true);
  if (upgrade) {
    const hash = await hashPassword(password);
    // Why the old hash in the condition: a password that was set meanwhile stays.
    await identity.store.db
      .updateTable('principal')
      .set({ password_hash: hash })
      .where('id', '=', row.id)
      .where('password_hash', '=', row.password_hash)
      .execute();
  }
  return { id: row.id, name: row.name };
}
