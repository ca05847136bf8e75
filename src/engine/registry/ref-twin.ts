import { CordonError } from '../../core/errors.ts';
import type { Tx } from '../../store/open-store.ts';
import { findRef } from './revisions.ts';

const TWIN: Readonly<Record<string, string>> = { heads: 'tags', tags: 'heads' };

/** The tag with the name of a branch, or the branch with the name of a tag. Undefined for other refs. */
export function twinOf(ref: string): string | undefined {
  const [, kind = '', name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  return name === undefined ? undefined : `refs/${TWIN[kind]}/${name}`;
}

/**
 * Throws `registry.conflict` when a new branch would have the name of a tag, or a new tag that of a branch. Why: clients name
 * both alike, so that a branch `v1` would be served to whoever pinned the version.
 */
export async function refuseTwin(tx: Pick<Tx, 'selectFrom'>, repository: string, ref: string): Promise<void> {
  const twin = twinOf(ref);
  if (twin !== undefined && (await findRef(tx, repository, twin)) !== undefined) {
    throw new CordonError('registry.conflict', `${twin} exists already, and clients could not tell the two apart`);
  }
}
