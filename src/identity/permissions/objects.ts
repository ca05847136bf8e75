/**
 * What an action is done to, as text: `acme` (a namespace), `acme/bert` (a repository in it), `model:gpt-5`, `route:/v1/chat`
 * or `tool:search` (of the gateway), `*` (the whole server). Namespaces and repositories never contain a colon.
 */
export type ObjectName = string;

/** The server itself: settings, principals, everything. A role here counts everywhere. */
export const EVERYTHING: ObjectName = '*';

/**
 * Where a role must be held for an object, narrowest first: the object, what contains it, everything. A role in a namespace
 * counts for its repositories; a role on `model:*` for every model.
 */
export function containersOf(object: ObjectName): readonly ObjectName[] {
  if (object === EVERYTHING) return [EVERYTHING];
  const colon = object.indexOf(':');
  if (colon >= 0) return [object, `${object.slice(0, colon)}:*`, EVERYTHING];
  const slash = object.indexOf('/');
  return slash < 0 ? [object, EVERYTHING] : [object, object.slice(0, slash), EVERYTHING];
}

/** The namespace of an object, undefined for what is in none. */
export function namespaceOf(object: ObjectName): string | undefined {
  if (object === EVERYTHING || object.includes(':')) return undefined;
  const slash = object.indexOf('/');
  return slash < 0 ? object : object.slice(0, slash);
}
