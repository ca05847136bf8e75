import type { Tx } from '../../store/open-store.ts';
import type { Edge } from './edge.ts';

/** Why: databases bound the number of values of a statement. */
const BATCH = 500;

/**
 * Writes edges inside the caller's transaction; what is known already stays. A digest that is the root digest of a manifest becomes
 * that manifest, so that a signed "trained from" leads to the model in the registry. An edge from an artifact to itself says nothing.
 */
export async function recordLineage(tx: Tx, edges: readonly Edge[], now: number): Promise<void> {
  for (let at = 0; at < edges.length; at += BATCH) {
    const batch = edges.slice(at, at + BATCH);
    const manifests = await manifestsByDigest(tx, batch);
    const rows = batch
      .map(({ ancestor, attestation, ...edge }) => ({
        ...edge,
        ancestor: manifests.get(ancestor) ?? ancestor,
        attestation: attestation ?? null,
        created_at: now,
      }))
      .filter(({ ancestor, descendant }) => ancestor !== descendant);
    if (rows.length > 0)
      await tx
        .insertInto('lineage')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  }
}

async function manifestsByDigest(tx: Tx, edges: readonly Edge[]): Promise<ReadonlyMap<string, string>> {
  const digests = edges.flatMap(({ ancestor }) => (ancestor.startsWith('sha256:') ? [ancestor.slice('sha256:'.length)] : []));
  if (digests.length === 0) return new Map();
  const found = await tx
    .selectFrom('manifest')
    .select(['digest', 'oms_digest'])
    .where('oms_digest', 'in', digests)
    .orderBy('created_at')
    .execute();
  return new Map(found.map(({ digest, oms_digest: root }) => [`sha256:${root}`, digest]));
}
