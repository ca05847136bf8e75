import { CordonError, errorMessage } from '../../../core/errors.ts';
import { EFFECTS } from '../../../core/decision.ts';
import type { Report } from '../../../core/report.ts';
import { recordLineage } from '../../../evidence/lineage/record-lineage.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { localOperator, type Principal } from '../../../identity/permission.ts';
import { admissionOf, admit } from '../admit.ts';
import { assess, assessFiles } from '../assess.ts';
import { moveRef } from '../commit.ts';
import type { RegistryContext } from '../context.ts';
import { askGate, openGate, reasonOf } from '../decide.ts';
import { keepOwn } from '../evidence/keep-own.ts';
import { lockRepository } from '../lock-repository.ts';
import { manifestDigest, saveManifest } from '../manifest.ts';
import { repositoryId } from '../names.ts';
import { firstState } from '../recalls.ts';
import type { Repository } from '../repositories.ts';
import { addRevision, type Revision } from '../revisions.ts';
import { type Conversion, conversionOf } from './conversions.ts';
import { convertFiles, type Made } from './convert-files.ts';
import { planConversion } from './plan.ts';
import { conversionStatement } from './provenance.ts';

/** Why only this repository: a converter needs nothing else. */
function converter(repository: Repository): Principal {
  return { ...localOperator('converter'), can: (_, object) => object === repositoryId(repository) };
}

/**
 * Makes a revision in which the checkpoints of a refused one are safetensors, if the gate takes that, and has branches point to it.
 * Executes nothing. What cannot be converted is written down with the reason; the original stays as it is either way.
 */
export async function convertRevision(
  context: RegistryContext,
  repository: Repository,
  manifest: string,
  signal?: AbortSignal,
): Promise<Conversion | undefined> {
  const before = await conversionOf(context.store.db, repository, manifest);
  if (before?.state !== 'waiting') return before;
  const admission = await admissionOf(context, repository, manifest);
  if (admission?.state !== 'quarantined' && admission?.state !== 'admitted') return refuse(context, repository, manifest, 'it is recalled');
  try {
    const assessed = await assess(context, manifest);
    const policy = await openGate(context, context.config.registry.ingest.gate);
    const report = await askGate(context, policy, repository, assessed);
    if (report.gate.effect === 'allow') return await refuse(context, repository, manifest, 'it is served as it is');
    const plan = planConversion(assessed.entries, report, context.config.registry.convert.malicious);
    if ('refusal' in plan) return await refuse(context, repository, manifest, plan.refusal);
    const made = await convertFiles(context, converter(repository), repository, assessed.entries, plan, signal);
    const digest = manifestDigest(made.entries);
    const after = await askGate(context, policy, repository, await assessFiles(context, digest, made.entries));
    if (rank(after) >= rank(report)) return await refuse(context, repository, manifest, `it would be refused still: ${reasonOf(after)}`);
    await write(context, repository, manifest, made, reasonOf(report));
  } catch (error) {
    if (!(error instanceof CordonError) || error.code !== 'convert.refused') throw error;
    return refuse(context, repository, manifest, errorMessage(error));
  }
  const converted = await conversionOf(context.store.db, repository, manifest);
  if (converted?.result !== null && converted?.result !== undefined) await admit(context, repository, converted.result);
  return converted;
}

/** Writes down why a set of files is not converted. */
export async function refuse(
  context: RegistryContext,
  repository: Repository,
  manifest: string,
  why: string,
): Promise<Conversion | undefined> {
  const reason = why.slice(0, 1_000);
  await context.store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('conversion')
      .set({ state: 'refused', reason, updated_at: context.now() })
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    const body = { repository: repositoryId(repository), kind: repository.kind, manifest, reason };
    if (numUpdatedRows > 0n) await appendEntry(tx, { kind: 'conversion.refused', body });
  });
  context.log.info({ repository: repositoryId(repository), manifest, reason }, 'not converted');
  return conversionOf(context.store.db, repository, manifest);
}

async function write(
  context: RegistryContext,
  repository: Repository,
  manifest: string,
  { entries, said }: Made,
  reason: string,
): Promise<void> {
  const statement = await conversionStatement(context, repository, manifest, entries, said);
  await context.store.transaction(async (tx) => {
    await lockRepository(tx, repository);
    const now = context.now();
    const originals = await tx
      .selectFrom('revision')
      .selectAll()
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      .orderBy('created_at', 'desc')
      .execute();
    const [original] = originals;
    if (original === undefined) throw new CordonError('convert.refused', 'its revision is gone');
    const result = await saveManifest(tx, entries, now);
    const revision = await addRevision(tx, revisionOf(original, result, said.files.length, now));
    await tx
      .insertInto('admission')
      .values({
        repository_id: repository.id,
        manifest: result,
        ...(await firstState(tx, repository, result)),
        decision_id: null,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.columns(['repository_id', 'manifest']).doNothing())
      .execute();
    const refs = await tx
      .selectFrom('ref')
      .select('name')
      .where('repository_id', '=', repository.id)
      .where('name', 'like', 'refs/heads/%')
      .where(
        'revision',
        'in',
        originals.map(({ id }) => id),
      )
      .execute();
    for (const { name } of refs) await moveRef(tx, repository, name, revision.id, now);
    await tx
      .updateTable('conversion')
      .set({ state: 'converted', revision: revision.id, result, reason, body: JSON.stringify(said), updated_at: now })
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      .execute();
    const attestation = statement === undefined ? undefined : await keepOwn(tx, context, statement.attestor, repository, result, statement);
    const edge = { ancestor: manifest, descendant: result, relation: 'conversion', basis: 'measured' } as const;
    await recordLineage(tx, [{ ...edge, ...(attestation !== undefined && { attestation }) }], now);
    const body = {
      repository: repositoryId(repository),
      kind: repository.kind,
      manifest,
      result,
      revision: revision.id,
      refs: refs.map(({ name }) => name).slice(0, 100),
      files: said.files.slice(0, 100).map(({ fromSha256, toSha256 }) => ({ from: fromSha256, to: toSha256 })),
      attestation: attestation ?? null,
    };
    await context.announcer.announce(tx, 'revision.converted', body);
    await appendEntry(tx, { kind: 'revision.converted', body });
  });
  context.announcer.wake();
  context.log.info({ repository: repositoryId(repository), manifest }, 'converted');
}

function revisionOf(original: Revision, manifest: string, files: number, now: number): Omit<Revision, 'id'> {
  return {
    repository_id: original.repository_id,
    manifest,
    parent: original.id,
    title: `Serve safetensors in place of checkpoints (${files} files)`,
    message: `Converted from ${original.id}, which is not served. Nothing was executed.`,
    author: 'converter',
    created_at: now,
  };
}

/** Whatever the gate thinks of it, milder is better. */
function rank({ gate }: Report): number {
  return EFFECTS.indexOf(gate.effect);
}
