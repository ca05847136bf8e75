import { malformed } from '../../core/errors.ts';
import { inflateFrame } from '../lz4/inflate-frame.ts';

/** Bytes before each chunk of a xorb. */
export const CHUNK_HEADER_BYTES = 8;
/** Bytes of a chunk before compression: the protocol cuts at 128 KiB. */
export const CHUNK_BYTES = 128 * 1024;
/** Why more than the content: an LZ4 frame of incompressible data has headers. */
const STORED_BYTES = CHUNK_BYTES + 1024;

const PLAIN = 0;
const LZ4 = 1;
const GROUPED_LZ4 = 2;

/** What stands before a chunk. */
export interface ChunkHeader {
  /** 0: as it is, 1: LZ4 frame, 2: bytes grouped by four, then an LZ4 frame. */
  readonly scheme: number;
  /** Bytes in the xorb, without the header. */
  readonly stored: number;
  /** Bytes before compression. */
  readonly length: number;
}

/** Reads the header of a chunk; throws `format.malformed` for what no chunk can be. */
export function chunkHeader(bytes: Uint8Array, at: number): ChunkHeader {
  const version = bytes[at] as number;
  const stored = uint24(bytes, at + 1);
  const scheme = bytes[at + 4] as number;
  const length = uint24(bytes, at + 5);
  if (version !== 0) throw malformed(`chunk version ${version}`);
  if (scheme > GROUPED_LZ4) throw malformed(`chunk compression ${scheme}`);
  if (length === 0 || length > CHUNK_BYTES || stored === 0 || stored > STORED_BYTES) throw malformed('chunk size');
  return { scheme, stored, length };
}

/** A chunk that is stored as it is: room for its header, which is written, and its content, which is not yet. */
export function plainChunk(length: number): Buffer {
  const chunk = Buffer.allocUnsafe(CHUNK_HEADER_BYTES + length);
  chunk[0] = 0;
  chunk.writeUIntLE(length, 1, 3);
  chunk[4] = PLAIN;
  chunk.writeUIntLE(length, 5, 3);
  return chunk;
}

/** The content of a chunk: exactly as many bytes as its header declares, or `format.*`. */
export function chunkContent(header: ChunkHeader, stored: Uint8Array): Uint8Array {
  if (header.scheme === PLAIN) {
    if (stored.length !== header.length) throw malformed('chunk size');
    return stored;
  }
  const inflated = inflateFrame(stored, header.length);
  return header.scheme === LZ4 ? inflated : ungrouped(inflated);
}

/** Puts bytes back that were sorted by their position modulo four. */
function ungrouped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let from = 0;
  for (let phase = 0; phase < 4; phase++) {
    for (let to = phase; to < out.length; to += 4) out[to] = bytes[from++] as number;
  }
  return out;
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
}
