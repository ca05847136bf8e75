import type { Principal } from '../../identity/permission.ts';
import { EVERYTHING, type ObjectName } from '../../identity/permissions/objects.ts';
import type { Tx } from '../../store/open-store.ts';
import type { AdmissionTable } from '../../store/schema/repositories.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

type Place = Pick<Repository, 'namespace' | 'name'>;

/**
 * Where a recall counts, for files that come later too: everywhere, in the namespace or in the repository alone, as far as its
 * author may recall. Why not always everywhere: else anybody with a namespace could have the files of others blocked.
 */
export function recallScope(principal: Principal, place: Place): ObjectName {
  return scopesOf(place).find((scope) => principal.can('recall', scope)) ?? repositoryId(place);
}

/** Scopes whose recalls count in a repository, widest first. */
export function scopesOf(place: Place): readonly ObjectName[] {
  return [EVERYTHING, place.namespace, repositoryId(place)];
}

/** State of a manifest that comes to a repository: not decided, or recalled when it was before. */
export async function firstState(tx: Tx, place: Place, manifest: string): Promise<Pick<AdmissionTable, 'state' | 'reason'>> {
  const recalled = await tx
    .selectFrom('recall')
    .select('reason')
    .where('manifest', '=', manifest)
    .where('scope', 'in', [...scopesOf(place)])
    .orderBy('scope')
    .executeTakeFirst();
  return recalled === undefined ? { state: 'pending', reason: 'not scanned yet' } : { state: 'recalled', reason: recalled.reason };
}
