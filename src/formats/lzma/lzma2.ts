import { malformed } from '../../core/errors.ts';
import type { Decoder } from '../inflate/decoder.ts';
import type { Input } from '../inflate/input.ts';
import { LzmaCore } from './core.ts';

/** LZMA2: LZMA in chunks of at most 2 MiB, each compressed or stored, ended by a zero byte. */
export class Lzma2Decoder implements Decoder {
  readonly #input: Input;
  readonly #core: LzmaCore;
  /** Inflated bytes the current chunk still owes. */
  #left = 0;
  #stored = false;
  /** Where the compressed chunk in progress must end. */
  #chunkEnd: number | undefined;
  #needDictionary = true;
  #done = false;

  constructor(input: Input, dictionarySize: number) {
    this.#input = input;
    this.#core = new LzmaCore(input, dictionarySize);
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    if (this.#done) return undefined;
    if (this.#left === 0) {
      if (this.#chunkEnd !== undefined) this.#closeChunk(this.#chunkEnd);
      this.#openChunk();
      if (this.#done) return undefined;
    }
    const piece = this.#stored ? this.#store() : this.#core.decode(this.#left);
    this.#left -= piece.length;
    if (this.#core.ended) throw malformed('LZMA2 chunk with an end mark', this.position);
    return piece;
  }

  #store(): Uint8Array {
    const piece = this.#core.store(this.#input.peek(this.#left));
    if (piece.length === 0) this.#input.take(1);
    this.#input.skip(piece.length);
    return piece;
  }

  #openChunk(): void {
    const control = this.#input.byte();
    if (control === 0) {
      this.#done = true;
      return;
    }
    if (control >= 0xe0 || control === 1) {
      this.#core.resetDictionary();
      this.#needDictionary = false;
    }
    if (this.#needDictionary || (control > 2 && control < 0x80)) throw malformed('LZMA2 control byte', this.position - 1);
    this.#stored = control < 0x80;
    const size = (this.#input.byte() << 8) | this.#input.byte();
    this.#left = size + 1;
    if (this.#stored) return;
    this.#left += (control & 0x1f) << 16;
    const packed = ((this.#input.byte() << 8) | this.#input.byte()) + 1;
    if (control >= 0xc0) this.#readProperties();
    else if (!this.#core.ready) throw malformed('LZMA2 chunk without properties', this.position);
    else if (control >= 0xa0) this.#core.resetState();
    this.#chunkEnd = this.#input.offset + packed;
    this.#core.range.start();
  }

  #readProperties(): void {
    const packed = this.#input.byte();
    if (packed >= 225 || (packed % 9) + (Math.floor(packed / 9) % 5) > 4) throw malformed('LZMA2 properties', this.position - 1);
    this.#core.setProperties(packed);
  }

  #closeChunk(end: number): void {
    this.#chunkEnd = undefined;
    if (this.#core.midMatch || !this.#core.range.finished || this.#input.offset !== end) {
      throw malformed('LZMA2 chunk does not end where it says', this.position);
    }
  }
}
