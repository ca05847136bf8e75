/** Hash algorithms of OMS 1.0. */
export const HASH_TYPES = ['sha256', 'blake2b', 'blake3'] as const;
export type HashType = (typeof HASH_TYPES)[number];

/** Bytes of each digest. */
export const DIGEST_BYTES: Readonly<Record<HashType, number>> = { sha256: 32, blake2b: 64, blake3: 32 };

/** Files at the top of a model that OMS leaves out unless told otherwise: version control, which no loader reads. */
export const DEFAULT_IGNORED = ['.git', '.gitattributes', '.github', '.gitignore'] as const;

/** A file, or with `start` and `end` a part of one (end exclusive), and its digest in hexadecimal. */
export interface Resource {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
  readonly digest: string;
}

/** How a model was turned into resources. */
export interface Serialization {
  readonly method: 'files' | 'shards';
  readonly hashType: HashType;
  readonly shardSize?: number;
  readonly allowSymlinks: boolean;
  readonly ignorePaths: readonly string[];
}

/** What an OMS signature is about. Resources stand in the order that the root digest is taken over. */
export interface Manifest {
  readonly name: string;
  /** SHA-256 over the raw digests of the resources, hexadecimal: the name of the model everywhere else. */
  readonly rootDigest: string;
  readonly serialization: Serialization;
  readonly resources: readonly Resource[];
}
