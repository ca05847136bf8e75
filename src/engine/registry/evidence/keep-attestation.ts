import { createHash } from 'node:crypto';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Tx } from '../../../store/open-store.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import type { Brought } from './verify-brought.ts';

/** An attestation to be kept. */
export interface NewAttestation extends Omit<Brought, 'signer'> {
  /** The bundle. */
  readonly body: string;
  /** Null: it does not count, and `problem` says why. */
  readonly signer: string | null;
  readonly problem: string;
  /** Id and name of who brought it. */
  readonly by: { readonly id: string; readonly name: string };
}

/** Keeps an attestation for a set of files of a repository, with its ledger entry; what is there already stays. Answers its digest. */
export async function keepAttestation(
  tx: Tx,
  repository: Repository,
  manifest: string,
  attestation: NewAttestation,
  now: number,
): Promise<string> {
  const { body, subject, predicateType, signer, problem, by } = attestation;
  const digest = createHash('sha256').update(body).digest('hex');
  await tx
    .insertInto('attestation')
    .values({ digest, subject, predicate_type: predicateType, body, created_by: by.id, created_at: now })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
  const use = { repository_id: repository.id, manifest, attestation: digest, signer, problem, created_by: by.id, created_at: now };
  const before = await tx
    .selectFrom('attestation_use')
    .select(['signer'])
    .where('repository_id', '=', repository.id)
    .where('manifest', '=', manifest)
    .where('attestation', '=', digest)
    .executeTakeFirst();
  if (before !== undefined && before.signer === signer) return digest;
  await tx
    .insertInto('attestation_use')
    .values(use)
    .onConflict((conflict) =>
      conflict.columns(['repository_id', 'manifest', 'attestation']).doUpdateSet({ signer, problem, created_by: by.id, created_at: now }),
    )
    .execute();
  await appendEntry(tx, {
    kind: 'attestation.kept',
    body: {
      repository: repositoryId(repository),
      kind: repository.kind,
      manifest,
      attestation: digest,
      predicate: predicateType,
      signer,
      problem,
      by: by.name,
    },
  });
  return digest;
}
