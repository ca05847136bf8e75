import type { Principal } from '../../identity/permission.ts';
import { EVERYTHING, type ObjectName } from '../../identity/permissions/objects.ts';
import type { Tx } from '../../store/open-store.ts';
import type { AdmissionTable } from '../../store/schema/repositories.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

const KEYS_AT_ONCE = 500;

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
  const reason = await recallOf(tx, place, manifest);
  return reason === undefined ? { state: 'pending', reason: 'not scanned yet' } : { state: 'recalled', reason };
}

/** Why a manifest is not served in a place: it was recalled, or a content in it was. Undefined: neither. */
export async function recallOf(tx: Pick<Tx, 'selectFrom'>, place: Place, manifest: string): Promise<string | undefined> {
  const scopes = [...scopesOf(place)];
  const recalled = await tx
    .selectFrom('recall')
    .select('reason')
    .where('manifest', '=', manifest)
    .where('scope', 'in', scopes)
    .orderBy('scope')
    .executeTakeFirst();
  if (recalled !== undefined) return recalled.reason;
  const content = await tx
    .selectFrom('content_recall')
    .innerJoin('manifest_entry', 'manifest_entry.sha256', 'content_recall.sha256')
    .select('content_recall.reason')
    .where('manifest_entry.manifest', '=', manifest)
    .where('content_recall.scope', 'in', scopes)
    .orderBy('content_recall.scope')
    .executeTakeFirst();
  return content?.reason;
}

/** Why one of these contents is not served from runs and logged models of a namespace; undefined: it is. */
export async function contentRecallOf(
  db: Pick<Tx, 'selectFrom'>,
  namespace: string,
  digests: readonly string[],
): Promise<string | undefined> {
  for (let from = 0; from < digests.length; from += KEYS_AT_ONCE) {
    const standing = await db
      .selectFrom('content_recall')
      .select('reason')
      .where('scope', 'in', [EVERYTHING, namespace])
      .where('sha256', 'in', digests.slice(from, from + KEYS_AT_ONCE))
      .executeTakeFirst();
    if (standing !== undefined) return standing.reason;
  }
  return undefined;
}
