/** Whole files by content. The row is written only after the bytes are on disk under their digest. */
export interface BlobTable {
  /** 64 hexadecimal digits. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** SHA-1 of the file as a git blob, 40 hexadecimal digits: clients compare unchanged small files with it. Null above 16 MiB. */
  git_sha1: string | null;
  /** Epoch milliseconds. */
  created_at: number;
}

/**
 * Keeps a blob from being collected while something that will refer to it is in flight, and proves that its holder brought
 * the bytes: knowing a digest is no right to read what has it.
 */
export interface BlobLeaseTable {
  id: string;
  sha256: string;
  /** Principal that uploaded it. */
  holder: string;
  repository_id: string | null;
  expires_at: number;
}

/**
 * Bytes that are being removed: its row is gone, its file not yet. Whoever wants to store the same content waits until the
 * row here is gone, so that a slow removal cannot take away new bytes.
 */
export interface BlobRemovalTable {
  sha256: string;
  started_at: number;
}

/** An upload that is not finished: its bytes lie in a temporary file and nothing refers to them. */
export interface UploadTable {
  id: string;
  /** What the client says it will be; verified at the end. */
  sha256: string | null;
  size: number | null;
  /** Whose permission it runs under. */
  repository_id: string | null;
  principal: string;
  created_at: number;
  expires_at: number;
}

/**
 * What the scanner found in a file, once for each content, name and rule set. Why the name: scanners judge by it too
 * (ADR 0004).
 */
export interface AssessmentTable {
  sha256: string;
  path: string;
  /** Digest of the rule set that looked. */
  rules: string;
  format: string;
  completeness: string;
  /** JSON: the artifact with facts, and its findings. */
  body: string;
  created_at: number;
}
