import type { Selectable } from 'kysely';
import { enqueue } from '../../../store/jobs/queue.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { ConversionTable } from '../../../store/schema/repositories.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { findRevision, type Revision } from '../revisions.ts';

export type Conversion = Selectable<ConversionTable>;

/** Kind of the jobs that convert. */
export const CONVERT = 'registry.convert';

/** What became of the files, as it is kept and signed. */
export interface ConvertedFiles {
  readonly files: readonly {
    readonly from: string;
    readonly fromSha256: string;
    readonly to: string;
    readonly toSha256: string;
    /** Keys of the checkpoint that are no tensors and not in the result. */
    readonly leftOut: readonly string[];
  }[];
  readonly leftOut: readonly { readonly path: string; readonly sha256: string; readonly because: string }[];
}

/** Is this repository one whose checkpoints are converted? */
export function isConverted(context: RegistryContext, { kind, created_by }: Pick<Repository, 'kind' | 'created_by'>): boolean {
  const { of } = context.config.registry.convert;
  return kind === 'model' && (of === 'all' || (of === 'mirror' && created_by.startsWith('local:upstream ')));
}

/** Has a set of files that the gate refuses converted, in the transaction of that decision. Once for each set of rules. */
export async function expectConversion(
  tx: Tx,
  context: RegistryContext,
  repository: Repository,
  manifest: string,
  why: { readonly reason: string; readonly rules: string },
): Promise<void> {
  const { reason, rules } = why;
  const before = await conversionOf(tx, repository, manifest);
  if (before !== undefined && (before.state === 'converted' || before.rules === rules)) return;
  const waiting = { state: 'waiting', rules, reason, updated_at: context.now() } as const;
  await tx
    .insertInto('conversion')
    .values({ repository_id: repository.id, manifest, ...waiting, revision: null, result: null, body: '{}' })
    .onConflict((conflict) => conflict.columns(['repository_id', 'manifest']).doUpdateSet(waiting))
    .execute();
  await enqueue(tx, {
    kind: CONVERT,
    key: `${CONVERT}:${repository.id}:${manifest}:${rules}`,
    payload: { repository: repository.id, manifest },
  });
}

/** What is known of converting a set of files. */
export async function conversionOf(
  db: Pick<Tx, 'selectFrom'>,
  repository: Pick<Repository, 'id'>,
  manifest: string,
): Promise<Conversion | undefined> {
  return db
    .selectFrom('conversion')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .where('manifest', '=', manifest)
    .executeTakeFirst();
}

/** The revision that is served in place of another; undefined: none is. */
export async function servedInstead(
  context: RegistryContext,
  repository: Repository,
  { manifest }: Pick<Revision, 'manifest'>,
): Promise<Revision | undefined> {
  const { db } = context.store;
  const conversion = await conversionOf(db, repository, manifest);
  if (conversion?.state !== 'converted' || conversion.revision === null) return undefined;
  return findRevision(db, repository.id, conversion.revision);
}

/** What readers of a revision should know when it was made by converting another. */
export async function conversionNotice(db: Pick<Tx, 'selectFrom'>, repositoryId: string, manifest: string): Promise<string | undefined> {
  const made = await db
    .selectFrom('conversion')
    .select(['body', 'reason'])
    .where('repository_id', '=', repositoryId)
    .where('result', '=', manifest)
    .where('state', '=', 'converted')
    .executeTakeFirst();
  if (made === undefined) return undefined;
  const { files, leftOut } = JSON.parse(made.body) as ConvertedFiles;
  const converted = files.map(({ from, to }) => `${from} to ${to}`);
  const without = leftOut.map(({ path }) => path);
  const did = [
    ...(converted.length > 0 ? [`converted ${shown(converted)}`] : []),
    ...(without.length > 0 ? [`left out ${shown(without)}`] : []),
  ];
  return `Cordon ${did.join(' and ')}; the original is not served. ${made.reason}`;
}

function shown(texts: readonly string[]): string {
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ');
}
