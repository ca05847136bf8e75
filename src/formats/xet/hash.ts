import { type Chunk, fileHash, hashToHex, hmac, xorbHash } from '@huggingface/xetchunk-wasm';

/** Key of the hash of a chunk, from the Xet protocol. */
const DATA_KEY = Uint8Array.of(
  102,
  151,
  245,
  119,
  91,
  149,
  80,
  222,
  49,
  53,
  203,
  172,
  165,
  151,
  24,
  28,
  157,
  228,
  33,
  16,
  155,
  235,
  43,
  88,
  180,
  208,
  176,
  75,
  147,
  173,
  242,
  41,
);

/** Bytes of every hash of the protocol. */
export const HASH_BYTES = 32;

/** A chunk by its hash (32 bytes) and its length before compression, in bytes. */
export type HashedChunk = Chunk;

/** Keyed BLAKE3 over the bytes of a chunk, 32 bytes. */
export function hashOfChunk(bytes: Uint8Array): Uint8Array {
  return hmac(bytes, DATA_KEY);
}

/** The name of a xorb with these chunks: as text, 64 hexadecimal digits. */
export function hashOfXorb(chunks: readonly HashedChunk[]): string {
  return hashToHex(xorbHash([...chunks]));
}

/** The name of a file with these chunks: as text, 64 hexadecimal digits. */
export function hashOfFile(chunks: readonly HashedChunk[]): string {
  return hashToHex(fileHash([...chunks]));
}

/** A hash as the protocol writes it: every eight bytes in reverse. */
export function hashText(bytes: Uint8Array): string {
  return hashToHex(bytes);
}
