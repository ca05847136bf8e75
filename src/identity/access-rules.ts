import { CordonError } from '../core/errors.ts';
import type { AccessConfig } from '../core/access-config.ts';
import { type Vouching, vouchingOf } from './certificates/vouched-name.ts';
import { OidcVerifier } from './oidc/verifier.ts';
import type { RoleGrant } from './permission.ts';
import { compileRoles, type Roles } from './permissions/roles.ts';

/** What of a configuration says who may do what, and who is believed. */
export interface AccessSource {
  readonly access: AccessConfig;
  readonly server: { readonly trustedProxies: readonly string[] };
}

/** The same, compiled. It never changes: another configuration makes another one, so that whoever holds it sees one configuration. */
export interface AccessRules {
  readonly roles: Roles;
  /** Roles that the configuration gives to groups. */
  readonly groupRoles: ReadonlyMap<string, readonly RoleGrant[]>;
  readonly groupsKeptMs: number;
  readonly issuers: ReadonlyMap<string, OidcVerifier>;
  readonly vouching: Vouching;
  /** How long who was verified before goes on while the database does not answer. */
  readonly offlineMs: number;
  /** How long a login of the console lasts. */
  readonly sessionMs: number;
  /**
   * Those of the groups that an issuer may speak of: with its own prefix, and with that of no other issuer. Why asked each time: groups
   * are remembered from logins, and since then the issuer may have been given another prefix, or been left out.
   */
  groupsOf(issuer: string | null, groups: readonly string[]): readonly string[];
}

/** Compiles a configuration; throws `config.invalid`. Issuers that are as they were keep what they know: keys, and verified tokens. */
export function compileAccess(source: AccessSource, former?: AccessRules): AccessRules {
  const { access } = source;
  const issuers = new Map(access.oidc.map((config) => [config.issuer, verifierOf(config, former)]));
  const roles = compileRoles(access.roles);
  requireKnown(roles, access.groups);
  const prefixes = access.oidc.map(({ groupPrefix }) => groupPrefix);
  return {
    roles,
    groupRoles: new Map(
      Object.entries(access.groups).map(([group, grants]) => [group, grants.map(({ role, on }) => ({ role, object: on }))]),
    ),
    groupsKeptMs: access.groupsKeptDays * 86_400_000,
    issuers,
    vouching: vouchingOf(source),
    offlineMs: access.offlineSeconds * 1_000,
    sessionMs: access.sessionHours * 3_600_000,
    groupsOf(issuer, groups) {
      const prefix = issuer === null ? undefined : issuers.get(issuer)?.config.groupPrefix;
      if (prefix === undefined) return [];
      // Why: an issuer without a prefix could name a group as another one's groups are named.
      const others = prefixes.filter((other) => other.length > prefix.length && other.startsWith(prefix));
      return groups.filter((group) => group.startsWith(prefix) && !others.some((other) => group.startsWith(other)));
    },
  };
}

/** Why an error: a group whose role is misspelled would have no rights, and nobody would be told. */
function requireKnown(roles: Roles, groups: AccessConfig['groups']): void {
  for (const [group, grants] of Object.entries(groups))
    for (const { role } of grants)
      if (!roles.has(role)) throw new CordonError('config.invalid', `access.groups.${group}: there is no role ${role}`);
}

function verifierOf(config: AccessConfig['oidc'][number], former: AccessRules | undefined): OidcVerifier {
  const known = former?.issuers.get(config.issuer);
  return known !== undefined && JSON.stringify(known.config) === JSON.stringify(config) ? known : new OidcVerifier(config);
}
