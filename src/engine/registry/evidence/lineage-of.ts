import { ancestorsOf, type ClosureOptions, descendantsOf, impactOf, type Impacted } from '../../../evidence/lineage/closure.ts';
import type { Principal } from '../../../identity/permission.ts';
import { authorize, mayRead } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';

const KEYS_AT_ONCE = 5_000;

/** An artifact in the lineage of another. */
export interface Relative {
  /** Manifest digest, `sha256:...`, or a name such as `dataset:org/name`. */
  readonly artifact: string;
  /** Versions of repositories that are these files, as `namespace/name@3`. */
  readonly versions: readonly string[];
}

/** What a set of files was made from, or what was made from it, as far as the principal may see. */
export async function lineageOf(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  manifest: string,
  direction: 'ancestors' | 'descendants',
  options: ClosureOptions = {},
): Promise<readonly Relative[]> {
  authorize(principal, 'read', repository);
  const closure = direction === 'ancestors' ? ancestorsOf : descendantsOf;
  return visible(context, principal, await closure(context.store.db, manifest, options));
}

/** Released versions that descend from an artifact, or are it, as far as the principal may see. A bare digest means files or one file. */
export async function impact(
  context: RegistryContext,
  principal: Principal,
  artifact: string,
  options: ClosureOptions & { readonly stages?: readonly string[] } = {},
): Promise<readonly Impacted[]> {
  const names = /^[0-9a-f]{64}$/.test(artifact) ? [artifact, `sha256:${artifact}`] : [artifact];
  const found = new Map<string, Impacted>();
  for (const name of names)
    for (const one of await impactOf(context.store.db, name, options)) found.set(`${one.repository}@${one.version}`, one);
  return [...found.values()].filter(({ repository }) => principal.can('read', repository));
}

/** Why: the digest of somebody else's files tells that they exist, and what they were made from. */
async function visible(context: RegistryContext, principal: Principal, artifacts: readonly string[]): Promise<readonly Relative[]> {
  const digests = artifacts.filter((artifact) => /^[0-9a-f]{64}$/.test(artifact));
  const versions = new Map<string, string[]>();
  const readable = new Set<string>();
  for (let from = 0; from < digests.length; from += KEYS_AT_ONCE) {
    const rows = await context.store.db
      .selectFrom('revision')
      .innerJoin('repository', 'repository.id', 'revision.repository_id')
      .leftJoin('version', (join) =>
        join.onRef('version.revision', '=', 'revision.id').onRef('version.repository_id', '=', 'revision.repository_id'),
      )
      .select(['revision.manifest', 'repository.namespace', 'repository.name', 'version.number'])
      .where('revision.manifest', 'in', digests.slice(from, from + KEYS_AT_ONCE))
      .distinct()
      .execute();
    for (const row of rows) {
      if (!mayRead(principal, row)) continue;
      readable.add(row.manifest);
      if (row.number !== null) versions.set(row.manifest, [...(versions.get(row.manifest) ?? []), `${repositoryId(row)}@${row.number}`]);
    }
  }
  return artifacts
    .filter((artifact) => !/^[0-9a-f]{64}$/.test(artifact) || readable.has(artifact))
    .map((artifact) => ({ artifact, versions: (versions.get(artifact) ?? []).toSorted() }));
}
