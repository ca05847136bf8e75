import type { Selectable } from 'kysely';
import type { PrincipalTable } from '../store/schema/identity.ts';
import type { AccessRules } from './access-rules.ts';
import type { Identity } from './identity.ts';
import { compilePrincipal, type CredentialInfo, type Principal, type RoleGrant } from './permission.ts';

type Row = Selectable<PrincipalTable>;

/** Reads the roles of a principal and its groups, and compiles them by these rules. One query. */
export async function loadPrincipal(
  identity: Identity,
  rules: AccessRules,
  row: Row,
  credential: CredentialInfo,
  groups: readonly string[],
): Promise<Principal> {
  const holders = [`principal:${row.id}`, ...groups.map((group) => `group:${group}`)];
  const bindings = await identity.store.db
    .selectFrom('role_binding')
    .select(['role', 'namespace as object'])
    .where('holder', 'in', holders)
    .execute();
  const grants: RoleGrant[] = [...bindings, ...groups.flatMap((group) => rules.groupRoles.get(group) ?? [])];
  return compilePrincipal({ id: row.id, name: row.name, kind: row.kind, groups, credential, grants }, rules.roles);
}

/** When remembered groups stop counting, epoch milliseconds; null: there are none. */
export function groupsEnd(rules: AccessRules, row: Row): number | null {
  return row.group_names === null || row.groups_at === null ? null : row.groups_at + rules.groupsKeptMs + 1;
}

/** Groups of the last login, as long as they count. */
export function rememberedGroups(rules: AccessRules, row: Row, now: number): readonly string[] {
  if (row.group_names === null || row.groups_at === null || now - row.groups_at > rules.groupsKeptMs) return [];
  return rules.groupsOf(row.oidc_issuer, JSON.parse(row.group_names) as string[]);
}
