import type { Fact } from './artifact.ts';
import type { Format } from './format.ts';
import type { ByteSource } from './source.ts';

/** One file, or one member of a container, with bounded ranged reads. */
export interface FileSubject {
  /** Relative to the scanned root, with `/`. */
  readonly path: string;
  /** Names inside containers, outermost first; empty for the file itself. */
  readonly members: readonly string[];
  /** Last name in the chain: the member's, or the file's. */
  readonly name: string;
  /** What the content is, by its bytes. */
  readonly format: Format;
  /** The first bytes (at most 4096), copied. */
  readonly head: Uint8Array;
  readonly source: ByteSource;
  /** True for raw numbers by the container's own account: see `Member.role`. */
  readonly opaque: boolean;
}

/** One file of a tree. */
export interface TreeEntry {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly format: Format;
  readonly sha256: string | null;
  readonly facts: readonly Fact[];
}

/** A scanned folder as a whole: a model repository, for reasoning across its files. */
export interface TreeSubject {
  /** Sorted by path. */
  readonly entries: readonly TreeEntry[];
  /** The whole content of a small file, decoded as UTF-8; undefined when absent or larger than the buffer limit allows. */
  text(path: string): string | undefined;
}
