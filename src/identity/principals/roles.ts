import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import type { RoleBindingTable } from '../../store/schema/identity.ts';
import type { Identity } from '../identity.ts';
import type { Principal } from '../permission.ts';
import { EVERYTHING, type ObjectName } from '../permissions/objects.ts';
import { requireAdmin, requireRole } from './authority.ts';

/** Who gets which role where. */
export interface NewBinding {
  /** `principal:<id>` or `group:<name>`. */
  readonly holder: string;
  readonly role: string;
  /** Namespace, `namespace/name`, `model:*` or `*`. */
  readonly on: ObjectName;
}

const HOLDER = /^(?:principal:[0-9a-f-]{36}|group:.{1,300})$/s;
const OBJECT = /^(?:\*|(?:model|route|tool):[^\s]{1,200}|[^\s/:*]{1,96}(?:\/[^\s/:*]{1,96})?)$/;

/** Gives a role. Whoever gives it manages the object and has everything that the role allows. */
export async function grantRole(identity: Identity, actor: Principal, binding: NewBinding): Promise<void> {
  if (!HOLDER.test(binding.holder)) throw new CordonError('request.invalid', 'a role is held by principal:<id> or group:<name>');
  if (!OBJECT.test(binding.on)) throw new CordonError('request.invalid', 'a role is held on a namespace, namespace/name or *');
  requireRole(actor, binding.role, binding.on, identity.rules.roles);
  await identity.store.transaction(async (tx) => {
    if (binding.holder.startsWith('principal:')) {
      const id = binding.holder.slice('principal:'.length);
      const holder = await tx.selectFrom('principal').select('id').where('id', '=', id).executeTakeFirst();
      if (holder === undefined) throw new CordonError('request.invalid', 'there is no such principal');
    }
    await insertBinding(identity, tx, actor.name, binding);
  });
}

/** {@link grantRole} inside a transaction, by whoever was found entitled. One that is there already changes nothing. */
export async function insertBinding(identity: Identity, tx: Tx, by: string, { holder, role, on }: NewBinding): Promise<void> {
  const now = identity.now();
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('role_binding')
    .values({ id: newId(), holder, role, namespace: on, created_by: by, created_at: now })
    .onConflict((conflict) => conflict.columns(['holder', 'namespace', 'role']).doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 0n) await identity.record(tx, { kind: 'role.granted', body: { by, holder, role, on }, at: now });
}

/** Takes a role away. Effective with the next request. */
export async function revokeRole(identity: Identity, actor: Principal, { holder, role, on }: NewBinding): Promise<void> {
  requireAdmin(actor, on);
  await identity.store.transaction(async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('role_binding')
      .where('holder', '=', holder)
      .where('role', '=', role)
      .where('namespace', '=', on)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new CordonError('request.invalid', 'nobody holds this role there');
    await identity.record(tx, { kind: 'role.revoked', body: { by: actor.name, holder, role, on }, at: identity.now() });
  });
}

/** Roles held on an object; on everything for whoever manages the server. */
export async function listRoles(
  identity: Identity,
  actor: Principal,
  on: ObjectName = EVERYTHING,
): Promise<readonly Selectable<RoleBindingTable>[]> {
  requireAdmin(actor, on);
  const query = identity.store.db.selectFrom('role_binding').selectAll().orderBy('namespace').orderBy('holder');
  return await (on === EVERYTHING ? query : query.where('namespace', '=', on)).execute();
}
