import { Decompress } from 'fzstd';
import { CordonError, errorMessage, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { viewOf } from '../bytes/read.ts';
import { type Decoder, NOTHING } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { ZSTD_MAGIC } from './signature.ts';
import { isSkippableMagic } from './skippable.ts';

/** Why 128 MiB: what zstd itself accepts unless told otherwise; a frame may declare terabytes. */
const MAX_WINDOW = 128 * 1024 * 1024;
const MAX_BLOCK = 128 * 1024;
/** Length of the frame content size field by its flag; a frame in one segment has at least one byte. */
const SIZE_LENGTHS = [0, 2, 4, 8] as const;
const DICTIONARY_LENGTHS = [0, 1, 2, 4] as const;

/** Zstandard frames, one after the other. Blocks are handed to the library one by one, so that none yields more than 128 KiB. */
export class ZstdDecoder implements Decoder {
  readonly #input: Input;
  #frame: Decompress | undefined;
  #checksum = false;
  #started = false;
  #output: Uint8Array[] = [];

  constructor(source: ByteSource, start: number) {
    this.#input = new Input(source, start);
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    if (this.#frame === undefined) return this.#openFrame() ? NOTHING : undefined;
    const header = this.#input.take(3);
    const value = (header[0] as number) | ((header[1] as number) << 8) | ((header[2] as number) << 16);
    const type = (value >>> 1) & 3;
    const size = value >>> 3;
    if (type === 3 || size > MAX_BLOCK) throw malformed('Zstandard block header', this.position - 3);
    const body = this.#input.take(type === 1 ? 1 : size);
    const last = (value & 1) === 1;
    const piece = this.#push(this.#frame, Buffer.concat([header, body]), last);
    if (last) this.#closeFrame();
    return piece;
  }

  /** False where no further frame follows. A skippable one is passed over. */
  #openFrame(): boolean {
    const head = this.#input.peek(4);
    const magic = head.length === 4 ? viewOf(head).getUint32(0, true) : 0;
    if (isSkippableMagic(magic)) {
      this.#input.skip(4);
      this.#input.skip(this.#input.uint32());
      return true;
    }
    if (magic !== ZSTD_MAGIC) {
      if (!this.#started) throw malformed('not a Zstandard frame', this.position);
      return false;
    }
    this.#started = true;
    const header = this.#readHeader();
    this.#frame = new Decompress((piece) => {
      this.#output.push(piece);
    });
    this.#push(this.#frame, header, false);
    return true;
  }

  #readHeader(): Uint8Array {
    const start = this.#input.offset;
    const [descriptor = 0, windowByte = 0] = this.#input.peek(6).subarray(4);
    const single = (descriptor & 0x20) !== 0;
    const sizeLength = (SIZE_LENGTHS[descriptor >>> 6] as number) || (single ? 1 : 0);
    const dictionaryLength = DICTIONARY_LENGTHS[descriptor & 3] as number;
    if ((descriptor & 0x08) !== 0) throw malformed('Zstandard frame header', start);
    if (dictionaryLength !== 0) throw new CordonError('format.unsupported', 'Zstandard frame needs an external dictionary');
    const header = this.#input.take(5 + (single ? 0 : 1) + sizeLength);
    const window = single ? contentSize(header.subarray(5)) : 2 ** (10 + (windowByte >>> 3)) * (1 + (windowByte & 7) / 8);
    if (window > MAX_WINDOW)
      throw new CordonError('format.unsupported', `Zstandard window of ${window} bytes is larger than ${MAX_WINDOW}`);
    this.#checksum = (descriptor & 0x04) !== 0;
    // The library does not verify the checksum, only trips over it.
    header[4] = descriptor & ~0x04;
    return header;
  }

  #closeFrame(): void {
    this.#frame = undefined;
    if (this.#checksum) this.#input.take(4);
  }

  #push(frame: Decompress, bytes: Uint8Array, last: boolean): Uint8Array {
    this.#output = [];
    try {
      frame.push(bytes, last);
    } catch (error) {
      throw malformed(`Zstandard data is broken (${errorMessage(error)})`, this.position);
    }
    return this.#output.length === 1 ? (this.#output[0] as Uint8Array) : Buffer.concat(this.#output);
  }
}

function contentSize(field: Uint8Array): number {
  let value = 0;
  for (const byte of field.toReversed()) value = value * 256 + byte;
  return field.length === 2 ? value + 256 : value;
}
