import { CordonError } from '../../core/errors.ts';
import type { Action, Principal } from '../../identity/permission.ts';
import type { RepositoryTable } from '../../store/schema/repositories.ts';
import { repositoryId } from './names.ts';

type Target = Pick<RepositoryTable, 'namespace' | 'name'>;

/** May this principal read the repository? Only by a role on it, on its namespace or everywhere; nothing is open to the world. */
export function mayRead(principal: Principal, repository: Target): boolean {
  return principal.can('read', repositoryId(repository));
}

/**
 * Throws unless the principal may do this to the repository. Who may not even read it learns nothing of it:
 * `repository.missing`, as if it did not exist.
 */
export function authorize(principal: Principal, action: Action, repository: Target): void {
  const id = repositoryId(repository);
  if (!mayRead(principal, repository)) throw missingRepository(id);
  if (!principal.can(action, id)) throw new CordonError('access.denied', `${principal.name} may not ${action} ${id}`);
}

/** What everybody sees of a repository that is not there or not for them. */
export function missingRepository(id: string): CordonError {
  return new CordonError('repository.missing', `there is no repository ${id}, or the credential may not see it`);
}
