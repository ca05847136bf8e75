import type { Tx } from '../../store/open-store.ts';
import { missingRepository } from './authorize.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';

/**
 * From here to the end of the transaction nobody else changes this repository: first in every act that decides by what it reads. Why
 * an update that changes nothing: it locks the row in every database. Without it two servers on one Postgres would both find the
 * same head, and one of two acknowledged commits would be gone. Throws `repository.missing` when it was deleted meanwhile.
 */
export async function lockRepository(tx: Tx, repository: Pick<Repository, 'id' | 'namespace' | 'name'>): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('repository')
    .set((row) => ({ updated_at: row.ref('updated_at') }))
    .where('id', '=', repository.id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw missingRepository(repositoryId(repository));
}
