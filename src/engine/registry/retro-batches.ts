import type { RegistryContext } from './context.ts';
import type { Decided } from './decide-again.ts';
import type { Repository } from './repositories.ts';

/** An admission with its repository. */
export interface Batched extends Decided {
  readonly repository: Repository;
  readonly reason: string;
}

/** Files that are looked at together. Why: what is known of them is in memory. */
const FILES_AT_ONCE = 4_000;
const MANIFESTS_AT_ONCE = 500;

/** Everything that was decided and not recalled, in batches of bounded size. */
export async function* batchesOfAdmissions(
  context: RegistryContext,
): AsyncGenerator<{ readonly rows: readonly Batched[]; readonly all: number }> {
  const found = await context.store.db
    .selectFrom('admission')
    .innerJoin('repository', 'repository.id', 'admission.repository_id')
    .innerJoin('manifest', 'manifest.digest', 'admission.manifest')
    .selectAll('repository')
    .select(['admission.manifest', 'admission.state', 'admission.reason', 'admission.expires_at', 'manifest.files'])
    .where('admission.state', 'in', ['admitted', 'quarantined'])
    .orderBy('admission.repository_id')
    .orderBy('admission.manifest')
    .execute();
  let rows: Batched[] = [];
  let files = 0;
  for (const { manifest, state, reason, expires_at, files: own, ...repository } of found) {
    if (rows.length > 0 && (files + own > FILES_AT_ONCE || rows.length >= MANIFESTS_AT_ONCE)) {
      yield { rows, all: found.length };
      rows = [];
      files = 0;
    }
    rows.push({ repository, manifest, state, reason, expires_at });
    files += own;
  }
  if (rows.length > 0) yield { rows, all: found.length };
}
