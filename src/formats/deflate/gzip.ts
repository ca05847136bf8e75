import { crc32 } from 'node:zlib';
import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../bytes/read.ts';
import { type Decoder, NOTHING } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { RawDeflateDecoder } from './raw.ts';

const FHCRC = 0x02;
const FEXTRA = 0x04;
const FNAME = 0x08;
const FCOMMENT = 0x10;
/** Why a limit: a name or comment without end would make the header as long as the file. */
const MAX_TEXT = 64 * 1024;

/** True for the fixed first bytes of a gzip member (RFC 1952): magic, DEFLATE, no reserved flag. */
export function isGzipHeader(head: Uint8Array): boolean {
  return hasBytes(head, [0x1f, 0x8b, 0x08]) && head.length >= 10 && (head[3] as number) < 0x20;
}

/** A gzip stream of one or more members (RFC 1952), read as one as every tool does; checksums verified. */
export class GzipDecoder implements Decoder {
  readonly #source: ByteSource;
  #raw: RawDeflateDecoder | undefined;
  /** The same while it is inside a member. */
  #member: RawDeflateDecoder | undefined;
  #crc = 0;
  #length = 0;
  #at: number;
  #done = false;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#at = start;
  }

  get position(): number {
    return this.#member?.position ?? this.#at;
  }

  next(): Uint8Array | undefined {
    if (this.#done) return undefined;
    const raw = this.#member ?? this.#open();
    const piece = raw.next();
    if (piece === undefined) {
      this.#close(raw.position);
      this.#done = !isGzipHeader(this.#source.read(this.#at, 10));
      return NOTHING;
    }
    this.#crc = crc32(piece, this.#crc);
    this.#length += piece.length;
    return piece;
  }

  #open(): RawDeflateDecoder {
    const input = new Input(this.#source, this.#at);
    const head = input.take(10);
    if (!isGzipHeader(head)) throw malformed('not a gzip header', this.#at);
    const flags = head[3] as number;
    if ((flags & FEXTRA) !== 0) input.skip(input.byte() | (input.byte() << 8));
    if ((flags & FNAME) !== 0) skipText(input);
    if ((flags & FCOMMENT) !== 0) skipText(input);
    if ((flags & FHCRC) !== 0) input.skip(2);
    this.#crc = 0;
    this.#length = 0;
    if (this.#raw === undefined) this.#raw = new RawDeflateDecoder(this.#source, input.offset);
    else this.#raw.restart(input.offset);
    this.#member = this.#raw;
    return this.#raw;
  }

  #close(position: number): void {
    const input = new Input(this.#source, position);
    const crc = input.uint32();
    const length = input.uint32();
    this.#at = input.offset;
    this.#member = undefined;
    if (crc !== this.#crc || length !== this.#length >>> 0) throw malformed('gzip checksum or length does not match the content', position);
  }
}

function skipText(input: Input): void {
  for (let i = 0; i < MAX_TEXT; i++) if (input.byte() === 0) return;
  throw truncated('gzip header text has no end', input.offset);
}
