import type { Budget } from '../../core/budget.ts';
import type { Format } from '../../core/format.ts';
import type { ByteSource } from '../../core/source.ts';
import { Bzip2Decoder } from '../bzip2/decoder.ts';
import { GzipDecoder } from '../deflate/gzip.ts';
import { zlibStart } from '../deflate/signature.ts';
import { ZlibDecoder } from '../deflate/zlib.ts';
import { Lz4Decoder } from '../lz4/decoder.ts';
import { LzmaAloneDecoder } from '../lzma/alone.ts';
import { XzDecoder } from '../xz/decoder.ts';
import { ZstdDecoder } from '../zstd/decoder.ts';
import type { DecoderFactory } from './decoder.ts';
import { InflatedSource } from './inflated-source.ts';

const DECODERS: Partial<Record<Format, DecoderFactory>> = {
  gzip: (source) => new GzipDecoder(source, 0),
  zlib: (source) => new ZlibDecoder(source, zlibStart(source.read(0, 32))),
  bzip2: (source) => new Bzip2Decoder(source, 0),
  xz: (source) => new XzDecoder(source, 0),
  lzma: (source) => new LzmaAloneDecoder(source, 0),
  lz4: (source) => new Lz4Decoder(source, 0),
  zstd: (source) => new ZstdDecoder(source, 0),
};

/** True for formats that are one compressed stream. */
export function isCompressed(format: Format): boolean {
  return DECODERS[format] !== undefined;
}

/** The content of a compressed file, inflated as it is read; undefined when `format` is none of those. */
export function openCompressed(format: Format, source: ByteSource, budget: Budget): InflatedSource | undefined {
  const open = DECODERS[format];
  return open && new InflatedSource(() => open(source), budget);
}
