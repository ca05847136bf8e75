import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import type { Decoder } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { adler32 } from './adler32.ts';
import { RawDeflateDecoder } from './raw.ts';

/** True for the two header bytes of a zlib stream (RFC 1950) with the 32 KiB window that every tool writes, without dictionary. */
export function isZlibHeader(cmf: number, flg: number): boolean {
  return cmf === 0x78 && (cmf * 256 + flg) % 31 === 0 && (flg & 0x20) === 0;
}

/** One zlib stream (RFC 1950), its checksum verified. */
export class ZlibDecoder implements Decoder {
  readonly #source: ByteSource;
  readonly #start: number;
  #raw: RawDeflateDecoder | undefined;
  #adler = 1;
  #end: number | undefined;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#start = start;
  }

  get position(): number {
    return this.#end ?? this.#raw?.position ?? this.#start;
  }

  next(): Uint8Array | undefined {
    if (this.#end !== undefined) return undefined;
    this.#raw ??= this.#open();
    const piece = this.#raw.next();
    if (piece !== undefined) {
      this.#adler = adler32(piece, this.#adler);
      return piece;
    }
    const input = new Input(this.#source, this.#raw.position);
    const stored = input.uint32();
    this.#end = input.offset;
    // Big-endian in the stream, unlike everything else in DEFLATE containers.
    if (stored !== Buffer.from(Uint32Array.of(this.#adler).buffer).readUInt32BE()) {
      throw malformed('zlib checksum does not match the content', this.#raw.position);
    }
    return undefined;
  }

  #open(): RawDeflateDecoder {
    const input = new Input(this.#source, this.#start);
    if (!isZlibHeader(input.byte(), input.byte())) throw malformed('not a zlib header', this.#start);
    return new RawDeflateDecoder(this.#source, input.offset);
  }
}
