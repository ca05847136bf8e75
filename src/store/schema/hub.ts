/** A xorb of an upload by Xet: a blob of compressed chunks, kept until the files made of it are there and a while longer. */
export interface XetXorbTable {
  /** Whose it is. Why: a hash that somebody knows must not open what another repository holds. */
  repository_id: string;
  /** Name in the protocol, 64 hexadecimal digits. */
  hash: string;
  /** The blob with its bytes. */
  sha256: string;
  /** Base64: where each chunk ends, its length and its hash. */
  chunks: string;
  expires_at: number;
}

/** What happened in a discussion or proposed change, in order of `id`. */
export interface PullRequestEventTable {
  id: string;
  repository_id: string;
  number: number;
  kind: 'comment' | 'status-change' | 'title-change' | 'commit';
  author: string;
  /** The comment, the new status, JSON of both titles, or the revision. */
  body: string;
  created_at: number;
}

/** A revision of a remote hub that was asked for: the revision made of it, or why there is none. */
export interface UpstreamRevisionTable {
  repository_id: string;
  /** Id of the upstream in the configuration. */
  upstream: string;
  /** Commit of the remote hub, 40 hexadecimal digits. */
  remote_commit: string;
  revision: string | null;
  /** Why it is not mirrored; empty when it is. */
  refusal: string;
  checked_at: number;
}

/** Where a branch or tag of a remote hub stood when it was last looked at. */
export interface UpstreamRefTable {
  repository_id: string;
  name: string;
  remote_commit: string;
  checked_at: number;
}
