import type { BlobStore } from '../../../store/blobs/blob-store.ts';
import type { Tx } from '../../../store/open-store.ts';
import { wrongActs } from './acts.ts';
import { wrongAttestations, wrongBlobs, wrongSets } from './contents.ts';
import { readHistory } from './ledger-history.ts';
import { wrongPrincipals, wrongRoles, wrongVersions } from './rights.ts';
import { missingRevisions, wrongAdmissions } from './served.ts';
import type { RowProblem } from './row-problem.ts';

export type { RowProblem } from './row-problem.ts';

/**
 * Compares the tables that say what is served and who may do what with what they must be: names that are digests of what they name, and
 * the acts in the ledger. The ledger itself is verified elsewhere, the bytes of blobs by the scrub; `blobs` absent leaves out files.
 * Its memory grows with the number of decisions, versions and tokens, a hundred bytes for each.
 */
export async function* verifyRecords(db: Pick<Tx, 'selectFrom'>, blobs?: BlobStore): AsyncGenerator<RowProblem> {
  const history = await readHistory(db);
  yield* wrongPrincipals(db, history);
  yield* wrongRoles(db, history);
  yield* wrongActs(db, history);
  yield* wrongVersions(db, history);
  yield* wrongAdmissions(db, history);
  yield* missingRevisions(db, history);
  yield* wrongSets(db);
  yield* wrongAttestations(db);
  if (blobs !== undefined) yield* wrongBlobs(db, blobs);
}
