import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

/** Does a change of this ref need somebody who may approve? */
export function isProtected(context: RegistryContext, ref: string): boolean {
  return context.config.registry.protectedBranches.some((branch) => ref === `refs/heads/${branch}`);
}

/** Throws `access.denied` when a branch is protected and the principal may not approve: it should propose the change. */
export function requireBranchRight(context: RegistryContext, principal: Principal, repository: Repository, ref: string): void {
  if (!isProtected(context, ref) || principal.can('approve', repositoryId(repository))) return;
  throw new CordonError(
    'access.denied',
    `${ref} is protected: propose the change (create_pr=True) and have somebody merge it who may approve`,
  );
}
