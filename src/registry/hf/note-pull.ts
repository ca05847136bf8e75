import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Revision } from '../../engine/registry/revisions.ts';
import type { Principal } from '../../identity/permission.ts';

const USER_AGENT_CHARACTERS = 80;

/** Remembers who fetched a file of a revision, for a recall. */
export function notePull(
  context: RegistryContext,
  principal: Principal,
  { id: repositoryId }: Repository,
  { id, manifest }: Revision,
  userAgent = 'unknown',
): void {
  const client = `hf ${userAgent.slice(0, USER_AGENT_CHARACTERS)}`;
  context.pulls.add({ repositoryId, revision: id, manifest, principal: principal.id, client }, context.now());
}
