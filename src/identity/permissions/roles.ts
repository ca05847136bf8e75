import { z } from 'zod';
import { CordonError } from '../../core/errors.ts';
import { ACTIONS, ALL_ACTIONS, type Action, type ActionSet, actionSet } from './actions.ts';

const CONTRIBUTOR: readonly Action[] = ['read', 'invoke', 'write'];

/** Roles that always exist; each may do what the one before it may. */
const BUILTIN_ROLES: Readonly<Record<string, ActionSet>> = {
  reader: actionSet(['read', 'invoke']),
  contributor: actionSet(CONTRIBUTOR),
  approver: actionSet([...CONTRIBUTOR, 'approve', 'promote', 'recall', 'waive', 'audit']),
  admin: ALL_ACTIONS,
};

/** Names of roles, principals and configured things. */
export const RoleName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a role is named by lower-case letters, digits and dashes');

/** Roles of the configuration: a name and what it may do. */
export const CustomRoles = z.record(RoleName, z.array(z.enum(ACTIONS)).min(1));
export type CustomRoles = z.infer<typeof CustomRoles>;

/** Roles compiled to sets of actions. */
export type Roles = ReadonlyMap<string, ActionSet>;

/** The built-in roles and those of the configuration. Why built-in ones cannot be changed: everybody relies on what they mean. */
export function compileRoles(custom: CustomRoles = {}): Roles {
  const roles = new Map(Object.entries(BUILTIN_ROLES));
  for (const [name, actions] of Object.entries(custom)) {
    if (roles.has(name)) throw new CordonError('config.invalid', `the role ${name} is built in and cannot be defined again`);
    roles.set(name, actionSet(actions));
  }
  return roles;
}
