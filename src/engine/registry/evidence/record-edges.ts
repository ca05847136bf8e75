import { readTraining } from '../../../evidence/attestations/read-training.ts';
import { readAttestation } from '../../../evidence/attestations/statement.ts';
import type { Edge } from '../../../evidence/lineage/edge.ts';
import { edgesOf } from '../../../evidence/lineage/edges-of.ts';
import { recordLineage } from '../../../evidence/lineage/record-lineage.ts';
import { readBundle } from '../../../evidence/signature/bundle.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { attestationsOf } from './attestations-of.ts';
import { billOf } from './bill-of-materials.ts';

/** Writes down what a set of files was made from: what signers say, and what the files declare of themselves. */
export async function recordEdges(context: RegistryContext, repository: Repository, manifest: string): Promise<void> {
  const bill = await billOf(context, repository, manifest);
  const provenance = (await attestationsOf(context, repository, manifest)).find(
    ({ signer, isOwn, body, predicateType }) => signer !== undefined && !isOwn && predicateType !== '' && isTraining(body),
  );
  const edges: readonly Edge[] = edgesOf(bill, manifest, provenance?.digest);
  if (edges.length > 0) await context.store.transaction((tx) => recordLineage(tx, edges, context.now()));
}

function isTraining(body: string): boolean {
  try {
    return readTraining(readAttestation(readBundle(Buffer.from(body)).payload)) !== undefined;
  } catch {
    return false;
  }
}
