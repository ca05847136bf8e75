import type { Budget } from '../../core/budget.ts';
import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { viewOf } from '../bytes/read.ts';
import { sliceSource } from '../bytes/source.ts';
import { Bzip2Decoder } from '../bzip2/decoder.ts';
import { RawDeflateDecoder } from '../deflate/raw.ts';
import { x86Filter } from '../filters/bcj-x86.ts';
import { deltaFilter } from '../filters/delta.ts';
import { FilteredDecoder } from '../filters/filter.ts';
import type { Decoder } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { InflatedSource } from '../inflate/inflated-source.ts';
import { RawLzmaDecoder } from '../lzma/alone.ts';
import { Lzma2Decoder } from '../lzma/lzma2.ts';
import { dictionarySize } from '../xz/block-header.ts';
import { ZstdDecoder } from '../zstd/decoder.ts';
import type { PackedFolder } from './archive.ts';
import type { Coder, Folder } from './streams.ts';

const COPY = '00';
const AES = '06f10701';

type Compression = (source: ByteSource, coder: Coder) => Decoder;
type Transformation = (inner: Decoder, coder: Coder) => Decoder;

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  [COPY]: (source) => new CopyDecoder(source),
  '21': (source, coder) => new Lzma2Decoder(new Input(source, 0), dictionarySize(coder.properties)),
  '030101': (source, coder) => lzma(source, coder),
  '040108': (source) => new RawDeflateDecoder(source, 0),
  '040202': (source) => new Bzip2Decoder(source, 0),
  '04f71101': (source) => new ZstdDecoder(source, 0),
};

const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  '03': (inner, coder) => new FilteredDecoder(inner, deltaFilter((coder.properties[0] ?? 0) + 1)),
  '04': (inner) => new FilteredDecoder(inner, x86Filter()),
  '03030103': (inner) => new FilteredDecoder(inner, x86Filter()),
};

/** The content of a folder: all its files, one after the other. Throws `format.encrypted` or `format.unsupported`. */
export function openFolder(source: ByteSource, { folder, start, length }: PackedFolder, budget: Budget): ByteSource {
  const data = sliceSource(source, start, length);
  const chain = chainOf(folder);
  const [first] = chain;
  if (chain.length === 1 && first?.method === COPY) return data;
  return new InflatedSource(() => open(data, chain), budget);
}

/** The coders in the order in which data passes through them. */
function chainOf({ coders, binds, packedStreams }: Folder): readonly Coder[] {
  for (const { method } of coders) if (method === AES) throw new CordonError('format.encrypted', '7z content is encrypted');
  if (packedStreams !== 1 || coders.some((coder) => coder.inputs !== 1 || coder.outputs !== 1)) {
    throw new CordonError('format.unsupported', `7z content made by ${coders.map((coder) => coder.method).join(', ')}`);
  }
  const chain: Coder[] = [];
  let at: number | undefined = coders.findIndex((_, i) => !binds.some((bind) => bind.input === i));
  while (at !== undefined && chain.length < coders.length) {
    const coder: Coder | undefined = coders[at];
    if (coder === undefined) break;
    chain.push(coder);
    const output: number = at;
    at = binds.find((bind) => bind.output === output)?.input;
  }
  if (chain.length < coders.length) throw malformed('7z folder whose coders do not fit together');
  for (const [i, { method }] of chain.entries()) {
    const known = i === 0 ? COMPRESSIONS[method] : TRANSFORMATIONS[method];
    if (known === undefined) throw new CordonError('format.unsupported', `7z method ${method}`);
  }
  return chain;
}

function open(data: ByteSource, chain: readonly Coder[]): Decoder {
  const [first, ...rest] = chain as [Coder, ...Coder[]];
  const decoder = (COMPRESSIONS[first.method] as Compression)(data, first);
  return rest.reduce((inner, coder) => (TRANSFORMATIONS[coder.method] as Transformation)(inner, coder), decoder);
}

function lzma(source: ByteSource, { properties, unpackSize }: Coder): Decoder {
  if (properties.length < 5) throw malformed('7z LZMA properties');
  const view = viewOf(properties);
  return new RawLzmaDecoder(new Input(source, 0), { packed: view.getUint8(0), dictionarySize: view.getUint32(1, true), size: unpackSize });
}

/** Data that was only transformed, not compressed. */
class CopyDecoder implements Decoder {
  readonly #source: ByteSource;
  position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  next(): Uint8Array | undefined {
    const piece = this.#source.read(this.position, 256 * 1024);
    this.position += piece.length;
    return piece.length === 0 ? undefined : piece;
  }
}
