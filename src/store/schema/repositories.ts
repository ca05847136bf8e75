/** A model, dataset or space: one object behind every protocol. Identified by `namespace/name`. */
export interface RepositoryTable {
  id: string;
  kind: 'model' | 'dataset' | 'space';
  namespace: string;
  name: string;
  /** 0 or 1: only members of the namespace may read it. */
  private: number;
  created_by: string;
  created_at: number;
  updated_at: number;
}

/**
 * A sealed set of files. `digest` is SHA-256 over the lines `<sha256> <size> <path>\n` sorted by the bytes of the path;
 * `oms_digest` is the root digest of OpenSSF Model Signing over the same files, which attestations name as their subject.
 */
export interface ManifestTable {
  digest: string;
  oms_digest: string;
  files: number;
  bytes: number;
  created_at: number;
}

/** One file of a manifest. */
export interface ManifestEntryTable {
  manifest: string;
  path: string;
  sha256: string;
  size: number;
}

/** A commit. Its id is the first 160 bits of SHA-256 over its canonical JSON, so it cannot be made to collide as SHA-1 can. */
export interface RevisionTable {
  id: string;
  repository_id: string;
  manifest: string;
  parent: string | null;
  title: string;
  message: string;
  author: string;
  created_at: number;
}

/** `refs/heads/main`, `refs/tags/v1`, `refs/pr/1`. */
export interface RefTable {
  repository_id: string;
  name: string;
  revision: string;
  updated_at: number;
}

/** A discussion, or a proposed change on `refs/pr/<number>`; merging it is an approval. */
export interface PullRequestTable {
  repository_id: string;
  number: number;
  kind: 'pull-request' | 'discussion';
  title: string;
  description: string;
  author: string;
  status: 'draft' | 'open' | 'merged' | 'closed';
  created_at: number;
  closed_at: number | null;
}

/** May a manifest be served from a repository? Nothing without a row here, or with another state than `admitted`, is. */
export interface AdmissionTable {
  repository_id: string;
  manifest: string;
  state: 'pending' | 'admitted' | 'quarantined' | 'recalled';
  /** The decision that says so. */
  decision_id: string | null;
  /** For people, shown by the clients. */
  reason: string;
  updated_at: number;
  /** When the first waiver ends on which it rests: from then on it must be decided again. */
  expires_at: number | null;
}

/** A numbered, immutable release of a repository; the unit of promotion, and what MLflow calls a model version. */
export interface VersionTable {
  id: string;
  repository_id: string;
  number: number;
  revision: string;
  manifest: string;
  /** Stage it was promoted to, such as `production`; empty: none. */
  stage: string;
  created_by: string;
  created_at: number;
  /** Not listed any more; the number is never used again. */
  deleted_at: number | null;
}

/** Who fetched what: what a recall has to tell. Written in batches. */
export interface PullTable {
  id: string;
  repository_id: string;
  revision: string;
  manifest: string;
  principal: string;
  /** Protocol and client, such as `hf huggingface_hub/1.33.0`. */
  client: string;
  /** First and last file of this revision that this principal fetched, and how many. */
  first_at: number;
  last_at: number;
  files: number;
}

/** A set of files that is served nowhere in its scope, whatever repository it comes to. */
export interface RecallTable {
  manifest: string;
  /** `*`, a namespace or `namespace/name`: what its author may recall. */
  scope: string;
  /** For people, shown by the clients. */
  reason: string;
  recalled_by: string;
  created_at: number;
}

/** A content that is served nowhere in its scope, whatever set of files it is in. */
export interface ContentRecallTable {
  /** 64 hexadecimal digits. */
  sha256: string;
  /** `*`, a namespace or `namespace/name`: what its author may recall. */
  scope: string;
  /** For people, shown by the clients. */
  reason: string;
  recalled_by: string;
  created_at: number;
}

/** A set of files that is not served as it is, and what is served in its place: the same tensors as safetensors. */
export interface ConversionTable {
  repository_id: string;
  /** The set that was not served. */
  manifest: string;
  state: 'waiting' | 'converted' | 'refused';
  /** Digest of the rules under which it was not served. */
  rules: string;
  /** The revision made of it, and its set of files. */
  revision: string | null;
  result: string | null;
  /** Why it was not served; for refused ones, why nothing could be made of it. */
  reason: string;
  /** JSON: which file became which, with digests. */
  body: string;
  updated_at: number;
}
