import { parseRepositoryName, type RepositoryName } from '../../engine/registry/names.ts';
import { DEFAULT_NAMESPACE } from '../../engine/registry/tracking/experiments.ts';

/**
 * The repository that an MLflow client means: `acme/bert`, or `bert` in the common namespace. Clients split `models:/` addresses
 * at every slash, so there the same model is `acme--bert`; no part of a repository name has two hyphens.
 */
export function modelRepository(name: string): RepositoryName {
  const plain = name.replace(/%2F|--/i, '/');
  return parseRepositoryName('model', plain.includes('/') ? plain : `${DEFAULT_NAMESPACE}/${plain}`);
}

/** What a repository is called in lists. */
export function modelName({ namespace, name }: Pick<RepositoryName, 'namespace' | 'name'>): string {
  return namespace === DEFAULT_NAMESPACE ? name : `${namespace}/${name}`;
}
