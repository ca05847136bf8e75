import { ACTIONS } from '../../core/access-config.ts';
import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../permission.ts';
import { hasAction } from '../permissions/actions.ts';
import { EVERYTHING, type ObjectName } from '../permissions/objects.ts';
import type { Roles } from '../permissions/roles.ts';
import { intersectScopes, isForGateway, type Scopes } from '../permissions/scopes.ts';

/** Throws unless the actor manages the server. */
export function requireAdmin(actor: Principal, object: ObjectName = EVERYTHING): void {
  if (!actor.can('admin', object))
    throw new CordonError('access.denied', `${actor.name} does not manage ${object === EVERYTHING ? 'this server' : object}`);
}

/**
 * Throws unless the actor may act as this principal: themselves, or somebody they manage. Why a token that is narrowed to some
 * actions needs `admin` among them, and a key of the gateway never may: a stolen one could else make another that outlives its
 * revocation.
 */
export function requireControl(actor: Principal, principal: string): void {
  const { scopes } = actor.credential;
  const isWide = (scopes.actions === undefined || scopes.actions.includes('admin')) && !isForGateway(scopes);
  const own = actor.id === principal && isWide;
  if (!own) requireAdmin(actor);
}

/**
 * The scopes that a key made by the actor gets: never more than the actor's own credential has. Throws `access.denied` for what
 * only administrators give: another profile of the guard, and the sight of what was redacted.
 */
export function grantedScopes(actor: Principal, wanted: Scopes): Scopes {
  const own = actor.credential.scopes;
  // Why: many keys with the limits of one would have many times as much together, and one that was stolen would outlive its end.
  if (isForGateway(own)) throw new CordonError('access.denied', 'a key of the gateway makes no other keys');
  if (wanted.profile !== undefined || wanted.seesOriginals === true) requireAdmin(actor);
  const scopes = intersectScopes(wanted, own);
  return wanted.seesOriginals === true ? { ...scopes, seesOriginals: true } : scopes;
}

/** Throws when the credential is narrowed: what follows could not be narrowed in the same way. */
export function requireWholeCredential(actor: Principal): void {
  if (Object.keys(actor.credential.scopes).length > 0) throw new CordonError('access.denied', 'a token with scopes cannot do this');
}

/** Throws unless the actor may do everything that the role allows: nobody hands out what they do not have. */
export function requireRole(actor: Principal, role: string, object: ObjectName, roles: Roles): void {
  const set = roles.get(role);
  if (set === undefined) throw new CordonError('request.invalid', `there is no role ${role.slice(0, 80)}`);
  requireAdmin(actor, object);
  const missing = ACTIONS.filter((action) => hasAction(set, action) && !actor.can(action, object));
  if (missing.length > 0) throw new CordonError('access.denied', `${actor.name} cannot hand out ${missing.join(', ')} on ${object}`);
}
