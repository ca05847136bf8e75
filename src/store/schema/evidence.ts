/** What a gate decided, complete enough to be made again. */
export interface DecisionTable {
  id: string;
  gate: string;
  effect: string;
  repository_id: string | null;
  /** Manifest digest. */
  subject: string;
  policy: string;
  /** JSON: the decision document. */
  body: string;
  created_at: number;
}

/** A person's yes for a manifest at a stage. */
export interface ApprovalTable {
  id: string;
  subject: string;
  stage: string;
  principal: string;
  role: string;
  comment: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  /** Where it was given: an approver of one namespace approves nothing in another. */
  repository_id: string | null;
}

/** A time-boxed exception granted in the registry. */
export interface RegistryWaiverTable {
  id: string;
  /** JSON: the waiver as in a configuration file. */
  body: string;
  /** Repository it is confined to; null: all. */
  repository_id: string | null;
  requested_by: string;
  approved_by: string | null;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
  /** When its end was written to the ledger. */
  ended_at: number | null;
}

/** A signed statement about an artifact: signatures, provenance, test results, bills of materials. */
export interface AttestationTable {
  /** SHA-256 of the body. */
  digest: string;
  /** OMS root digest or file digest the statement names. */
  subject: string;
  predicate_type: string;
  /** JSON: Sigstore bundle or DSSE envelope. */
  body: string;
  created_by: string;
  created_at: number;
}

/** What an attestation counts for: a set of files in a repository. */
export interface AttestationUseTable {
  repository_id: string;
  manifest: string;
  attestation: string;
  /** Who signed, as verified when it came. Null: it does not count. */
  signer: string | null;
  /** Why it does not count; empty when it does. */
  problem: string;
  created_by: string;
  created_at: number;
}

/** An edge of the lineage graph: `descendant` was made from `ancestor`. Ends are manifest digests or dataset and package names. */
export interface LineageTable {
  ancestor: string;
  descendant: string;
  relation: string;
  /** How it is known. */
  basis: 'measured' | 'attested' | 'declared';
  attestation: string | null;
  created_at: number;
}

/** The append-only log. `position` counts from 0 without gaps. */
export interface LedgerTable {
  position: number;
  /** RFC 6962 leaf hash, hexadecimal. */
  leaf: string;
  kind: string;
  /** Canonical JSON: what happened. */
  body: string;
  created_at: number;
}

/** Hashes of complete subtrees, so that proofs read O(log n) rows. `level` 0 would be the leaves and is not stored. */
export interface LedgerNodeTable {
  level: number;
  position: number;
  hash: string;
}

/** Signed heads of the log. */
export interface CheckpointTable {
  size: number;
  root: string;
  /** C2SP signed note. */
  note: string;
  created_at: number;
}
