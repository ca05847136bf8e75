import type { Bill, Input, Known } from '../bom/bill.ts';
import type { Edge, Relation } from './edge.ts';

/** The edges a bill of materials shows: attested inputs by digest, declared ones by name. `descendant` is the manifest digest. */
export function edgesOf(bill: Bill, descendant: string, attestation?: string): Edge[] {
  const edge = (relation: Relation, { value, basis }: Known<Input>): Edge => ({
    ancestor: endOf(relation, value),
    descendant,
    relation,
    basis,
    ...(basis === 'attested' && attestation !== undefined && { attestation }),
  });
  return [
    ...bill.baseModels.map((known) => edge('base-model', known)),
    ...bill.datasets.map((known) => edge('dataset', known)),
    ...bill.tools.flatMap((known) => (isToolRole(known.role) ? [edge(known.role, known)] : [])),
  ];
}

/** Why the prefix for names: a data set and a model may be called the same. */
function endOf(relation: Relation, { name, uri, sha256 }: Input): string {
  return sha256 === undefined ? `${relation}:${uri ?? name}` : `sha256:${sha256}`;
}

function isToolRole(role: string): role is 'container' | 'lockfile' | 'code' {
  return role === 'container' || role === 'lockfile' || role === 'code';
}
