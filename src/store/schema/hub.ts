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

/** A file that came by Xet: what the protocol calls it. Why by repository: what one holds must not be told by another. */
export interface XetFileTable {
  repository_id: string;
  /** The blob with its bytes. It goes without regard to this row, and this row with it. */
  sha256: string;
  /** Name in the protocol, 64 hexadecimal digits. */
  hash: string;
}

/** A run of chunks of a xorb that stands at one place of a file. The bytes are those of the file: the xorb may be gone. */
export interface XetTermTable {
  repository_id: string;
  /** The file. */
  sha256: string;
  /** Where in the file it begins, and the byte after its last. */
  start_byte: number;
  end_byte: number;
  /** Name of the xorb, which chunk of it is the first, and how many follow each other. */
  xorb: string;
  first_chunk: number;
  chunks: number;
  /** Base64: the length of each chunk in three bytes. */
  lengths: string;
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
