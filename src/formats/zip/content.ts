import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { Bzip2Decoder } from '../bzip2/decoder.ts';
import { RawDeflateDecoder } from '../deflate/raw.ts';
import type { Decoder } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { InflatedSource } from '../inflate/inflated-source.ts';
import { RawLzmaDecoder } from '../lzma/alone.ts';
import { XzDecoder } from '../xz/decoder.ts';
import { ZstdDecoder } from '../zstd/decoder.ts';
import type { Header } from './header.ts';

/** Compression methods by their number in the headers (APPNOTE 4.4.5). */
export const METHOD = { stored: 0, deflated: 8, bzip2: 12, lzma: 14, zstd: 93, xz: 95, aes: 99 } as const;

type Open = (source: ByteSource, header: Header) => Decoder;

const DECODERS: ReadonlyMap<number, Open> = new Map<number, Open>([
  [METHOD.deflated, (source) => new RawDeflateDecoder(source, 0)],
  [METHOD.bzip2, (source) => new Bzip2Decoder(source, 0)],
  [METHOD.lzma, (source, header) => new ZipLzmaDecoder(source, header)],
  [METHOD.zstd, (source) => new ZstdDecoder(source, 0)],
  [METHOD.xz, (source) => new XzDecoder(source, 0)],
]);

/** True when members of this method can be read. */
export function canRead(method: number): boolean {
  return method === METHOD.stored || DECODERS.has(method);
}

/** The content of a member whose compressed bytes are `data`: those bytes themselves, or lazily inflated. See {@link canRead}. */
export function openContent(data: ByteSource, header: Header, budget: Budget): ByteSource {
  const open = DECODERS.get(header.method);
  return open === undefined ? data : new InflatedSource(() => open(data, header), budget);
}

/** LZMA as zip stores it: version, length of the properties, properties, data (APPNOTE 5.8.8). */
class ZipLzmaDecoder implements Decoder {
  readonly #input: Input;
  readonly #header: Header;
  #raw: RawLzmaDecoder | undefined;

  constructor(source: ByteSource, header: Header) {
    this.#input = new Input(source, 0);
    this.#header = header;
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    this.#raw ??= this.#open();
    return this.#raw.next();
  }

  #open(): RawLzmaDecoder {
    const start = this.#input.take(4);
    if (start[2] !== 5 || start[3] !== 0) throw malformed('LZMA properties of a zip member');
    const packed = this.#input.byte();
    const dictionarySize = this.#input.uint32();
    // Flag bit 1: the data has an end mark. Without it the size in the header counts.
    const size = (this.#header.flags & 2) !== 0 ? undefined : this.#header.size;
    return new RawLzmaDecoder(this.#input, { packed, dictionarySize, size });
  }
}
