import type { ByteSource } from '../../core/source.ts';

/** What a decoder returns between the streams of a file. */
export const NOTHING = new Uint8Array(0);

/** Decodes one compressed stream from its first byte to its last, piece by piece: whoever asks decides how far it goes. */
export interface Decoder {
  /**
   * The next piece of output, a few MiB at most; undefined after the last byte. The view is valid until the next call.
   * A piece may be empty. Why it must be, between streams of a file: whoever asks then gets to look at the clock.
   * Throws `format.malformed`, `format.truncated` or `format.unsupported`.
   */
  next(): Uint8Array | undefined;
  /** Offset in the compressed source just behind what was used so far; exact after the last piece. */
  readonly position: number;
}

/** Starts a decoder at the beginning of a compressed source. */
export type DecoderFactory = (source: ByteSource) => Decoder;
