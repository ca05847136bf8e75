import { sql } from 'kysely';
import { WHOLE } from '../assess.ts';
import type { RegistryContext } from '../context.ts';

/** What was never scanned by the scanners of today. */
export interface Outdated {
  readonly manifests: number;
  /** Different files by content and path, and their bytes. */
  readonly files: number;
  readonly bytes: number;
}

/** Counts what is decided, by what older scanners said. */
export async function countOutdated(context: RegistryContext, rules: string): Promise<Outdated> {
  const { db } = context.store;
  const files = await db
    .selectFrom(
      unscanned(context, rules).select(['manifest_entry.sha256', 'manifest_entry.path', 'manifest_entry.size']).distinct().as('unscanned'),
    )
    .select(({ fn }) => [fn.countAll<number>().as('files'), sql<number>`coalesce(sum(size), 0)`.as('bytes')])
    .executeTakeFirstOrThrow();
  return { manifests: (await outdatedManifests(context, rules)).length, files: Number(files.files), bytes: Number(files.bytes) };
}

/** The sets of files that are decided and in which something was not scanned by the scanners of today. */
export async function outdatedManifests(context: RegistryContext, rules: string): Promise<string[]> {
  const { db } = context.store;
  const inFiles = await unscanned(context, rules).select('manifest_entry.manifest').distinct().execute();
  const asWhole = await db
    .selectFrom('admission')
    .leftJoin('assessment', (join) =>
      join.onRef('assessment.sha256', '=', 'admission.manifest').on('assessment.path', '=', WHOLE).on('assessment.rules', '=', rules),
    )
    .select('admission.manifest')
    .where('admission.state', 'in', ['admitted', 'quarantined'])
    .where('assessment.sha256', 'is', null)
    .distinct()
    .execute();
  return [...new Set([...inFiles, ...asWhole].map(({ manifest }) => manifest))].toSorted();
}

function unscanned(context: RegistryContext, rules: string) {
  return context.store.db
    .selectFrom('admission')
    .innerJoin('manifest_entry', 'manifest_entry.manifest', 'admission.manifest')
    .leftJoin('assessment', (join) =>
      join
        .onRef('assessment.sha256', '=', 'manifest_entry.sha256')
        .onRef('assessment.path', '=', 'manifest_entry.path')
        .on('assessment.rules', '=', rules),
    )
    .where('admission.state', 'in', ['admitted', 'quarantined'])
    .where('assessment.sha256', 'is', null);
}
