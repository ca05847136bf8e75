import { CordonError } from '../../core/errors.ts';
import type { RegistryRequest } from '../http/env.ts';
import { parseRepositoryName, type RepositoryKind, type RepositoryName } from '../../engine/registry/names.ts';

/** Address of a repository in the Hub API. */
export const BASE = '/api/:kind{(?:models|datasets|spaces)}/:ns/:name';

/** Kinds of repositories as they stand in the paths of the Hub API. */
const PLURAL: ReadonlyMap<string, RepositoryKind> = new Map([
  ['models', 'model'],
  ['datasets', 'dataset'],
  ['spaces', 'space'],
]);
const SINGULAR: ReadonlySet<unknown> = new Set(PLURAL.values());

/** `models`, `datasets` or `spaces`. */
export function kindOfPath(text: string | undefined): RepositoryKind {
  const kind = PLURAL.get(text ?? '');
  if (kind === undefined) throw new CordonError('request.invalid', 'models, datasets or spaces is expected in the path');
  return kind;
}

/** The `type` of a request body; a model when it is left out. */
export function kindOfType(value: unknown): RepositoryKind {
  if (value === undefined || value === null) return 'model';
  if (!SINGULAR.has(value)) throw new CordonError('request.invalid', 'type must be model, dataset or space');
  return value as RepositoryKind;
}

/** The segment of a kind in paths of the Hub API. */
export function pluralOf(kind: RepositoryKind): string {
  return `${kind}s`;
}

/**
 * A repository as it stands in a page address. Why `models/` too, which the public hub leaves out: clients before 1.0 take the
 * segment before the namespace for the type, and that would be the prefix of this protocol.
 */
export function pageOf(name: Pick<RepositoryName, 'kind' | 'namespace' | 'name'>): string {
  return `${pluralOf(name.kind)}/${name.namespace}/${name.name}`;
}

/** The repository of `/api/models/ns/name/...`. */
export function namedIn(params: { readonly kind?: string; readonly ns?: string; readonly name?: string }): RepositoryName {
  return parseRepositoryName(kindOfPath(params.kind), `${params.ns ?? ''}/${params.name ?? ''}`);
}

/** Where the server mounts this protocol. */
const HUB_SEGMENTS = 1;

/**
 * The segments of the address after the prefix of this protocol, each decoded by itself. Why not the parameters of the route:
 * they are decoded first, and a revision `refs%2Fpr%2F1` is one segment.
 */
export function segmentsOf(c: RegistryRequest): readonly string[] {
  const path = (c.env.incoming.url ?? '/').split('?', 1)[0] ?? '/';
  return path
    .split('/')
    .slice(1 + HUB_SEGMENTS)
    .map(decoded);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new CordonError('request.invalid', 'the address is not encoded as it should be', { cause: error });
  }
}

/** The revision and the path of an address whose first `before` segments name something else. */
export function revisionAndPath(c: RegistryRequest, before: number): { readonly revision: string; readonly path: string } {
  const [revision = '', ...path] = segmentsOf(c).slice(before);
  return { revision, path: path.join('/') };
}
