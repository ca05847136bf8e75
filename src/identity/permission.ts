import type { Action } from '../core/access-config.ts';
import { type ActionSet, hasAction } from './permissions/actions.ts';
import { containersOf, type ObjectName } from './permissions/objects.ts';
import type { Roles } from './permissions/roles.ts';
import { compileScopes, type Scopes } from './permissions/scopes.ts';

export type { Action } from '../core/access-config.ts';

/** How somebody proved who they are. */
export interface CredentialInfo {
  readonly kind: 'token' | 'oidc' | 'session' | 'certificate' | 'proxy' | 'local';
  /** Id of the token or session, fingerprint of the certificate. */
  readonly id: string | null;
  /** Of tokens: id of the first of those it succeeded by rotation. It stays the same, so limits and blocks count by it. */
  readonly family?: string;
  readonly scopes: Scopes;
  /** Epoch milliseconds. */
  readonly expiresAt: number | null;
}

/** Who acts, and what they may do, compiled for the time of a request. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly kind: 'user' | 'service';
  readonly groups: readonly string[];
  readonly credential: CredentialInfo;
  /** May this be done to this object? See {@link ObjectName} for how objects are named. */
  can(action: Action, object: ObjectName): boolean;
  /** Names of the roles held on an object or on what contains it, with scopes not applied: for counting approvals. */
  rolesOn(object: ObjectName): readonly string[];
}

/** A role held somewhere. */
export interface RoleGrant {
  readonly role: string;
  readonly object: ObjectName;
}

/** What a principal is made of. */
export interface PrincipalParts {
  readonly id: string;
  readonly name: string;
  readonly kind: 'user' | 'service';
  readonly groups: readonly string[];
  readonly credential: CredentialInfo;
  readonly grants: readonly RoleGrant[];
}

/**
 * Compiles roles and scopes. A role that is no longer defined gives nothing. Scopes only narrow: there is no way from them to
 * an action that no role gives.
 */
export function compilePrincipal(parts: PrincipalParts, roles: Roles): Principal {
  const sets = new Map<ObjectName, ActionSet>();
  for (const { role, object } of parts.grants) sets.set(object, (sets.get(object) ?? 0) | (roles.get(role) ?? 0));
  const allows = compileScopes(parts.credential.scopes);
  const { id, name, kind, groups, credential } = parts;
  return {
    id,
    name,
    kind,
    groups,
    credential,
    can: (action, object) =>
      containersOf(object).some((container) => hasAction(sets.get(container) ?? 0, action)) && allows(action, object),
    rolesOn: (object) => {
      const held = new Set(containersOf(object));
      return [...new Set(parts.grants.filter((grant) => held.has(grant.object)).map((grant) => grant.role))];
    },
  };
}

/** Whoever runs commands on the machine and the database itself: no registry could keep them from anything. */
export function localOperator(name: string): Principal {
  return {
    id: `local:${name}`,
    name,
    kind: 'user',
    groups: [],
    credential: { kind: 'local', id: null, scopes: {}, expiresAt: null },
    can: () => true,
    rolesOn: () => ['admin'],
  };
}
