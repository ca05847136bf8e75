import { InflateRaw } from 'minizlib';
import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import type { Decoder } from '../inflate/decoder.ts';

/** Why 8 KiB: DEFLATE gives at most 1032 : 1, so that one step of a bomb yields 8 MiB and no more. */
const STEP = 8 * 1024;
/** Handed through to node:zlib, which knows more options than the declaration of the wrapper. */
const OPTIONS = { chunkSize: 64 * 1024 } as ConstructorParameters<typeof InflateRaw>[0];

/** Raw DEFLATE by the native zlib, driven synchronously, with the exact end of the stream. */
export class RawDeflateDecoder implements Decoder {
  readonly #source: ByteSource;
  #stream: InflateRaw;
  /** Where the stream in progress began. */
  #start: number;
  #pieces: Uint8Array[] = [];
  #given = 0;
  #error: Error | undefined;
  #ended = false;
  position: number;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.position = start;
    this.#start = start;
    this.#stream = this.#newStream();
  }

  /** Goes on with the next stream. Why not a new decoder: a file may consist of millions of empty streams. */
  restart(position: number): void {
    this.#stream.reset();
    this.#pieces = [];
    this.#given = 0;
    this.#ended = false;
    this.#start = position;
    this.position = position;
  }

  next(): Uint8Array | undefined {
    while (this.#given >= this.#pieces.length) {
      if (this.#ended) return undefined;
      if (this.#error !== undefined) throw malformed(`DEFLATE data is broken (${this.#error.message})`, this.position);
      this.#step();
      if (this.#error !== undefined) this.#salvage();
    }
    return this.#pieces[this.#given++];
  }

  #step(): void {
    this.#pieces = [];
    this.#given = 0;
    const chunk = this.#source.read(this.position, STEP);
    const atEnd = chunk.length === 0;
    // Why a byte behind the end: a stream that ended exactly here leaves it unused, a truncated one takes it.
    const used = this.#write(atEnd ? Uint8Array.of(0) : chunk);
    if (atEnd && used > 0) throw truncated('DEFLATE data ends early', this.position);
    if (!atEnd) this.position += used;
    // Why not closed then: closing waits for the next tick and keeps all memory until then, which never comes while a scan
    // runs. The garbage collector frees the native part.
    if (this.#error === undefined && used < (atEnd ? 1 : chunk.length)) this.#ended = true;
  }

  /**
   * Gets at what the broken step still gave, which the library drops: inflates once more from the start and the broken step
   * byte by byte. Why: a loader that reads small pieces executes it before it meets the break.
   */
  #salvage(): void {
    const error = this.#error;
    const broken = this.position;
    this.#error = undefined;
    this.#stream = this.#newStream();
    for (this.position = this.#start; this.position < broken; this.position += STEP) {
      this.#write(this.#source.read(this.position, Math.min(STEP, broken - this.position)));
      this.#pieces = [];
    }
    this.position = broken;
    for (let i = 0; i < STEP && this.#error === undefined; i++) this.#write(this.#source.read(broken + i, 1));
    this.#error = error;
  }

  #newStream(): InflateRaw {
    const stream = new InflateRaw(OPTIONS);
    stream.on('data', (piece: Uint8Array) => {
      this.#pieces.push(piece);
    });
    stream.on('error', (error: unknown) => {
      this.#error = error as Error;
    });
    return stream;
  }

  #write(chunk: Uint8Array): number {
    this.#stream.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    // A data error closes the handle; nothing more is read then.
    return this.#error === undefined ? (this.#stream.handle?.bytesWritten ?? 0) : 0;
  }
}
