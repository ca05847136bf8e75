import type { Readable } from 'node:stream';

/** A blob whose bytes are on stable storage under their digest. */
export interface StoredBlob {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-1 of the file as a git blob; null above 16 MiB. */
  readonly gitSha1: string | null;
}

/** Part of a blob: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What the sender said it would send. */
export interface Expected {
  readonly sha256?: string | undefined;
  readonly size?: number | undefined;
}

/** Bytes on their way in. They survive a crash and can be continued under the same id; nothing refers to them yet. */
export interface Staging {
  readonly id: string;
  /** How many bytes are there: where the next ones go. */
  readonly offset: number;
  /** Adds bytes; answers the new offset. When the source fails, what came before is kept. */
  append(chunks: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * Makes the bytes a blob, if they are what was announced. `beforeVisible` runs when digest and size are known and before the
   * blob can be read: the place to take a lease.
   */
  finish(expected: Expected, beforeVisible?: (blob: StoredBlob) => Promise<void>): Promise<StoredBlob>;
  /** The bytes so far, for putting together an upload that came in parts. */
  read(): Promise<Readable>;
  discard(): Promise<void>;
}

/** A blob as a listing shows it. */
export interface ListedBlob {
  readonly sha256: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** What a check of the bytes against their digest found. */
export type Integrity = 'intact' | 'corrupt' | 'missing';

/** Whole files by content. It knows no database: what refers to a blob, and what keeps it, is decided above. */
export interface BlobStore {
  /** Opens a new staging, or an earlier one by id. */
  stage(options?: { readonly id?: string }): Promise<Staging>;
  has(sha256: string): Promise<boolean>;
  /** Bytes; undefined when it is not there. */
  size(sha256: string): Promise<number | undefined>;
  /**
   * The bytes. A whole read is checked against the digest while it streams, and the last bytes come only if it matched; a range
   * cannot be, so the blob behind it is checked in the background from time to time.
   */
  read(sha256: string, range?: ByteRange): Promise<Readable>;
  /** A file on this machine with the bytes, for scanning. It is read-only and must not be changed. */
  localPath(sha256: string): Promise<string>;
  /** Reads everything and compares. */
  verify(sha256: string): Promise<Integrity>;
  /** Takes a corrupt blob out of service and keeps its bytes for examination. */
  setAside(sha256: string): Promise<void>;
  /** Removes a blob for good. Only the garbage collector may. */
  remove(sha256: string): Promise<void>;
  list(): AsyncIterable<ListedBlob>;
  /**
   * Removes stagings that nobody touched since `before` (epoch milliseconds), except `keep`; answers how many. Why a function: it is
   * asked after the stagings were listed, so that it knows every one that was announced before it was made.
   */
  discardStale(before: number, keep: () => Promise<ReadonlySet<string>>): Promise<number>;
  close(): Promise<void>;
}
