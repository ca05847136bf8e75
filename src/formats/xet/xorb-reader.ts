import { malformed, truncated } from '../../core/errors.ts';
import { CHUNK_HEADER_BYTES, chunkContent, chunkHeader } from './chunk.ts';
import { hashOfChunk, type HashedChunk } from './hash.ts';

/** Chunks of one xorb: a limit of the protocol. */
const CHUNKS_AT_MOST = 8 * 1024;
/** Bytes of a whole xorb: 64 MiB of chunks, their headers and a footer. */
export const XORB_BYTES = 66 * 1024 * 1024;
/** First byte of the footer, `XETBLOB`, which old clients send and which says nothing that the chunks do not. */
const FOOTER = 0x58;

/** A chunk with its place in the xorb. */
export interface XorbChunk extends HashedChunk {
  /** Where the next one begins, in bytes of the xorb. */
  readonly end: number;
}

/**
 * Reads a xorb as it arrives, holding one chunk at a time: every chunk is decompressed within its declared length and hashed.
 */
export class XorbReader {
  readonly #chunks: XorbChunk[] = [];
  #held = new Uint8Array(0);
  #at = 0;
  #inFooter = false;

  /** Takes the next bytes. Throws `format.*` as soon as they cannot be a xorb. */
  push(bytes: Uint8Array): void {
    if (this.#inFooter) return;
    const held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    let at = 0;
    while (held.length - at >= CHUNK_HEADER_BYTES) {
      if (held[at] === FOOTER) {
        this.#inFooter = true;
        this.#held = new Uint8Array(0);
        return;
      }
      const header = chunkHeader(held, at);
      const end = at + CHUNK_HEADER_BYTES + header.stored;
      if (end > held.length) break;
      if (this.#chunks.length === CHUNKS_AT_MOST) throw malformed(`more than ${CHUNKS_AT_MOST} chunks`);
      const content = chunkContent(header, held.subarray(at + CHUNK_HEADER_BYTES, end));
      this.#at += end - at;
      this.#chunks.push({ hash: hashOfChunk(content), length: header.length, end: this.#at });
      at = end;
    }
    this.#held = Uint8Array.from(held.subarray(at));
  }

  /** The chunks, when everything is there. */
  finish(): readonly XorbChunk[] {
    if (!this.#inFooter && this.#held.length > 0) throw truncated('xorb', this.#at);
    if (this.#chunks.length === 0) throw malformed('xorb without chunks');
    return this.#chunks;
  }
}
