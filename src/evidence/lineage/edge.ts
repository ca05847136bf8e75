/** How one artifact came from another. */
export const RELATIONS = ['base-model', 'dataset', 'container', 'lockfile', 'code', 'conversion'] as const;
export type Relation = (typeof RELATIONS)[number];

/** How an edge is known, best first. */
export const EDGE_BASES = ['measured', 'attested', 'declared'] as const;
export type EdgeBasis = (typeof EDGE_BASES)[number];

/** `descendant` was made from `ancestor`. Ends are manifest digests, other digests (`sha256:...`), or names of what is only named. */
export interface Edge {
  readonly ancestor: string;
  readonly descendant: string;
  readonly relation: string;
  readonly basis: EdgeBasis;
  /** Digest of the attestation that says so. */
  readonly attestation?: string;
}
