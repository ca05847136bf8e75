import type { AccessConfig, Action } from '../../core/access-config.ts';
import { CordonError } from '../../core/errors.ts';
import { ALL_ACTIONS, type ActionSet, actionSet } from './actions.ts';

const CONTRIBUTOR: readonly Action[] = ['read', 'invoke', 'write'];

/** Roles that always exist; each may do what the one before it may. */
const BUILTIN_ROLES: Readonly<Record<string, ActionSet>> = {
  reader: actionSet(['read', 'invoke']),
  contributor: actionSet(CONTRIBUTOR),
  approver: actionSet([...CONTRIBUTOR, 'approve', 'promote', 'recall', 'waive', 'audit']),
  admin: ALL_ACTIONS,
};

/** Roles compiled to sets of actions. */
export type Roles = ReadonlyMap<string, ActionSet>;

/** The built-in roles and those of the configuration. Why built-in ones cannot be changed: everybody relies on what they mean. */
export function compileRoles(custom: AccessConfig['roles'] = {}): Roles {
  const roles = new Map(Object.entries(BUILTIN_ROLES));
  for (const [name, actions] of Object.entries(custom)) {
    if (roles.has(name)) throw new CordonError('config.invalid', `the role ${name} is built in and cannot be defined again`);
    roles.set(name, actionSet(actions));
  }
  return roles;
}
