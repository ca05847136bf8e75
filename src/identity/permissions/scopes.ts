import * as z from 'zod';
import { ACTIONS, type Action } from '../../core/access-config.ts';
import { CordonError } from '../../core/errors.ts';
import { namespaceOf, type ObjectName } from './objects.ts';

const Name = z.string().min(1).max(200);

/**
 * What narrows a token: what is listed is allowed, what is left out is not narrowed, an empty list allows nothing. Why strict:
 * a scope that this version does not know would otherwise be ignored, and the token be wider than its owner believes.
 */
export const Scopes = z.strictObject({
  actions: z.array(z.enum(ACTIONS)).optional(),
  namespaces: z
    .array(Name.regex(/^[^/:*]+$/))
    .max(1000)
    .optional(),
  /** `namespace/name`. */
  repositories: z
    .array(Name.regex(/^[^/:*]+\/[^/:*]+$/))
    .max(1000)
    .optional(),
});
export type Scopes = z.infer<typeof Scopes>;

/** Reads scopes that were stored or asked for. Anything unknown is refused. */
export function parseScopes(value: unknown): Scopes {
  const parsed = Scopes.safeParse(value);
  if (!parsed.success) throw new CordonError('request.invalid', `scopes: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Scopes compiled to a question that is asked on every request. */
export function compileScopes(scopes: Scopes): (action: Action, object: ObjectName) => boolean {
  const actions = scopes.actions && new Set(scopes.actions);
  const namespaces = scopes.namespaces && new Set(scopes.namespaces);
  const repositories = scopes.repositories && new Set(scopes.repositories);
  return (action, object) => {
    if (actions?.has(action) === false) return false;
    if (namespaces !== undefined && !namespaces.has(namespaceOf(object) ?? '')) return false;
    return repositories === undefined || repositories.has(object);
  };
}

/** Scopes that allow only what both allow: what a token may hand on to a token that it makes. */
export function intersectScopes(first: Scopes, second: Scopes): Scopes {
  const scopes: Scopes = {};
  const actions = common(first.actions, second.actions);
  if (actions !== undefined) scopes.actions = actions;
  const namespaces = common(first.namespaces, second.namespaces);
  if (namespaces !== undefined) scopes.namespaces = namespaces;
  const repositories = common(first.repositories, second.repositories);
  if (repositories !== undefined) scopes.repositories = repositories;
  return scopes;
}

function common<T>(first: T[] | undefined, second: T[] | undefined): T[] | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return first.filter((item) => second.includes(item));
}
