import { readAttestation } from '../../../evidence/attestations/statement.ts';
import type { VerifiedAttestation } from '../../../evidence/attestations/verify-attestation.ts';
import type { Bill } from '../../../evidence/bom/bill.ts';
import { collectBill } from '../../../evidence/bom/collect.ts';
import { OMS_PREDICATE } from '../../../evidence/oms/statement.ts';
import { readBundle } from '../../../evidence/signature/bundle.ts';
import { assess } from '../assess.ts';
import type { RegistryContext } from '../context.ts';
import { askGate, openGate } from '../decide.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import { attestationsOf, type KeptAttestation } from './attestations-of.ts';
import { omsManifest } from './views.ts';

/** What is known of a set of files, from stored facts and from attestations that count: no bytes are read that were scanned before. */
export async function billOf(context: RegistryContext, repository: Repository, manifest: string, version?: number): Promise<Bill> {
  const assessed = await assess(context, manifest);
  const report = await askGate(context, await openGate(context, context.config.registry.ingest.gate), repository, assessed);
  return collectBill({
    manifest: omsManifest(assessed.entries, repository.name),
    report,
    attestations: await statementsAbout(context, repository, manifest),
    name: repositoryId(repository),
    supplier: repository.namespace,
    ...(version !== undefined && { version: String(version) }),
  });
}

/** What trusted signers say of a set of files besides signing it. */
export async function statementsAbout(context: RegistryContext, repository: Repository, manifest: string): Promise<VerifiedAttestation[]> {
  return (await attestationsOf(context, repository, manifest)).flatMap(statementOf);
}

/** Why not the registry's own: a bill that counts itself as evidence says nothing. */
function statementOf({ signer, isOwn, predicateType, body }: KeptAttestation): VerifiedAttestation[] {
  if (signer === undefined || isOwn || predicateType === OMS_PREDICATE) return [];
  const statement = readAttestation(readBundle(Buffer.from(body)).payload);
  return [{ signer, time: { basis: 'clock', at: null }, statement, claims: [] }];
}
