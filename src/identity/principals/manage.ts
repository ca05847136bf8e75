import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import type { PrincipalTable } from '../../store/schema/identity.ts';
import type { Identity } from '../identity.ts';
import type { Principal } from '../permission.ts';
import { requireAdmin } from './authority.ts';
import { isFreeName, PRINCIPAL_NAME } from './name.ts';
import { insertBinding } from './roles.ts';

/** A principal without its password. */
export type PrincipalRecord = Omit<Selectable<PrincipalTable>, 'password_hash'>;

/** A principal to be made. */
export interface NewPrincipal {
  readonly name: string;
  readonly kind: 'user' | 'service';
  readonly email?: string;
  /** Subject of a configured issuer that logs in as this principal. */
  readonly oidc?: { readonly issuer: string; readonly subject: string };
  /** Makes it a contributor of the namespace of its own name. */
  readonly ownNamespace?: boolean;
}

/** Makes a person or a machine known. */
export async function createPrincipal(identity: Identity, actor: Principal, wanted: NewPrincipal): Promise<PrincipalRecord> {
  requireAdmin(actor);
  return await identity.store.transaction((tx) => insertPrincipal(identity, tx, actor.name, wanted));
}

/** {@link createPrincipal} inside a transaction, by whoever was found entitled. */
export async function insertPrincipal(identity: Identity, tx: Tx, by: string, wanted: NewPrincipal): Promise<PrincipalRecord> {
  const { name, kind } = wanted;
  if (!PRINCIPAL_NAME.test(name)) {
    throw new CordonError('request.invalid', 'a name has up to 96 lower-case letters, digits, dots, dashes and underscores');
  }
  if (!(await isFreeName(tx, name))) throw new CordonError('registry.conflict', `the name ${name} is taken, or is that of a namespace`);
  const now = identity.now();
  const row = {
    id: newId(),
    kind,
    name,
    email: wanted.email ?? null,
    oidc_issuer: wanted.oidc?.issuer ?? null,
    oidc_subject: wanted.oidc?.subject ?? null,
    group_names: null,
    groups_at: null,
    created_at: now,
    disabled_at: null,
  };
  await tx
    .insertInto('principal')
    .values({ ...row, password_hash: null })
    .execute();
  const body = { by, principal: row.id, name, kind, issuer: row.oidc_issuer, subject: row.oidc_subject };
  await identity.record(tx, { kind: 'principal.created', body, at: now });
  if (wanted.ownNamespace === true) await insertBinding(identity, tx, by, { holder: `principal:${row.id}`, role: 'contributor', on: name });
  return row;
}

/** Shuts somebody out, or lets them in again. Effective with the next request; their sessions end. */
export async function setDisabled(identity: Identity, actor: Principal, id: string, disabled: boolean): Promise<void> {
  requireAdmin(actor);
  const now = identity.now();
  await identity.store.transaction(async (tx) => {
    const row = await tx.selectFrom('principal').select(['name', 'disabled_at']).where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new CordonError('request.invalid', 'there is no such principal');
    if ((row.disabled_at !== null) === disabled) return;
    await tx
      .updateTable('principal')
      .set({ disabled_at: disabled ? now : null })
      .where('id', '=', id)
      .execute();
    if (disabled) await tx.deleteFrom('session').where('principal_id', '=', id).execute();
    const kind = disabled ? 'principal.disabled' : 'principal.enabled';
    await identity.record(tx, { kind, body: { by: actor.name, principal: id, name: row.name }, at: now });
  });
}

/** Everybody, by name. */
export async function listPrincipals(identity: Identity, actor: Principal): Promise<readonly PrincipalRecord[]> {
  requireAdmin(actor);
  const rows = await identity.store.db.selectFrom('principal').selectAll().orderBy('name').execute();
  return rows.map(withoutPassword);
}

/** A principal by its name. */
export async function findPrincipal(identity: Identity, name: string): Promise<PrincipalRecord | undefined> {
  const row = await identity.store.db.selectFrom('principal').selectAll().where('name', '=', name).executeTakeFirst();
  return row && withoutPassword(row);
}

function withoutPassword(row: Selectable<PrincipalTable>): PrincipalRecord {
  const { password_hash: _, ...shown } = row;
  return shown;
}
