import { CordonError } from '../../core/errors.ts';
import type { Principal } from '../../identity/permission.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

const MAIN = 'refs/heads/main';

/** Does a change of this ref need somebody who may approve? */
export function isProtected(context: RegistryContext, ref: string): boolean {
  return needsTwo(context, ref) || context.config.registry.protectedBranches.some((branch) => ref === `refs/heads/${branch}`);
}

/** Does a change of this ref need two people, so that nobody writes it alone, whatever they may? */
export function needsTwo(context: RegistryContext, ref: string): boolean {
  return ref === MAIN && context.config.registry.twoPeopleForMain;
}

/**
 * Throws `access.denied` when a branch is protected and the principal may not approve: it should propose the change. Where two people
 * are asked for, nothing but a merge writes. `isNew`: the branch is not there yet.
 */
export function requireBranchRight(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  ref: string,
  how: { readonly isMerge?: boolean; readonly isNew?: boolean } = {},
): void {
  if (needsTwo(context, ref) && how.isMerge !== true) {
    throw new CordonError('access.denied', `${ref} takes two people: propose the change (create_pr=True) and have somebody else merge it`);
  }
  // Why not for a new one: somebody has to begin.
  if (how.isNew === true || !isProtected(context, ref) || principal.can('approve', repositoryId(repository))) return;
  throw new CordonError(
    'access.denied',
    `${ref} is protected: propose the change (create_pr=True) and have somebody merge it who may approve`,
  );
}
