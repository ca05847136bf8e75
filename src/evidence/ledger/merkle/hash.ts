import { hash } from 'node:crypto';

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** Root of a log without entries: SHA-256 of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

/** Hash of an entry. Why the leading 0: an entry can never be taken for an inner node (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');
}

/** Hash of two subtrees beside each other. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([INNER, left, right]), 'buffer');
}
