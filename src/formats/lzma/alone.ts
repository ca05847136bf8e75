import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import type { Decoder } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { LzmaCore } from './core.ts';

const PIECE = 256 * 1024;
const UNKNOWN = 0xffff_ffff;

/** What stands before raw LZMA data, wherever it is stored. */
export interface LzmaProperties {
  readonly packed: number;
  readonly dictionarySize: number;
  /** Inflated bytes; undefined where an end mark says so. */
  readonly size: number | undefined;
}

/** LZMA data without a header of its own. */
export class RawLzmaDecoder implements Decoder {
  readonly #input: Input;
  readonly #core: LzmaCore;
  #left: number;
  readonly #known: boolean;
  readonly #sample: boolean;
  #started = false;

  /** With `sample` the data may go on behind `size`. */
  constructor(input: Input, { packed, dictionarySize, size }: LzmaProperties, sample = false) {
    this.#input = input;
    this.#core = new LzmaCore(input, dictionarySize);
    this.#core.setProperties(packed);
    this.#left = size ?? Number.MAX_SAFE_INTEGER;
    this.#known = size !== undefined;
    this.#sample = sample;
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    if (!this.#started) this.#core.range.start();
    this.#started = true;
    if (this.#left > 0 && !this.#core.ended) {
      const piece = this.#core.decode(Math.min(this.#left, PIECE));
      this.#left -= piece.length;
      if (piece.length > 0) return piece;
    }
    if (this.#core.ended) {
      if (this.#known && this.#left > 0 && !this.#sample) throw malformed('LZMA data ends before its declared size', this.position);
    } else if (!this.#sample && (this.#core.midMatch || !this.#core.range.finished)) {
      // A declared size may still be followed by an end mark; anything else is more data than declared.
      this.#core.readEndMark();
    }
    return undefined;
  }
}

/** An LZMA-alone (.lzma) file. */
export class LzmaAloneDecoder implements Decoder {
  readonly #input: Input;
  #raw: RawLzmaDecoder | undefined;

  constructor(source: ByteSource, start: number) {
    this.#input = new Input(source, start);
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    this.#raw ??= new RawLzmaDecoder(this.#input, readAloneHeader(this.#input));
    return this.#raw.next();
  }
}

/** The 13 bytes in front of LZMA-alone data. */
export function readAloneHeader(input: Input): LzmaProperties {
  const packed = input.byte();
  const dictionarySize = input.uint32();
  const low = input.uint32();
  const high = input.uint32();
  if (packed >= 225) throw malformed('LZMA properties', input.offset - 13);
  const size = low === UNKNOWN && high === UNKNOWN ? undefined : high * 0x1_0000_0000 + low;
  return { packed, dictionarySize, size };
}
