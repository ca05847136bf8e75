import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { viewOf } from '../bytes/read.ts';
import { type Decoder, NOTHING } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { executeSequences, type Offsets } from './execute.ts';
import { type FrameHeader, readFrameHeader } from './frame-header.ts';
import { History } from './history.ts';
import type { HuffmanTable } from './huffman.ts';
import { readLiterals } from './literals.ts';
import { readSequenceHeader, type SequenceTables } from './sequences.ts';
import { ZSTD_MAGIC } from './signature.ts';
import { isSkippableMagic } from './skippable.ts';

const RAW = 0;
const RLE = 1;
const COMPRESSED = 2;
/** Bit readers take four bytes at once. */
const PADDING = 4;

/** A frame in progress: what its blocks hand on to the next. */
interface Frame extends FrameHeader {
  readonly history: History;
  readonly recent: Offsets;
  /** The last block is out. */
  ended: boolean;
  huffman: HuffmanTable | undefined;
  tables: SequenceTables | undefined;
}

/**
 * Zstandard frames (RFC 8878), one after the other. The checksum of a frame is not verified: no loader looks at it before the
 * content is out.
 */
export class ZstdDecoder implements Decoder {
  readonly #input: Input;
  #frame: Frame | undefined;
  #started = false;

  constructor(source: ByteSource, start: number) {
    this.#input = new Input(source, start);
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    const frame = this.#frame;
    if (frame === undefined) return this.#openFrame() ? NOTHING : undefined;
    if (frame.ended) {
      this.#frame = undefined;
      if (frame.checksum) this.#input.take(4);
      return NOTHING;
    }
    const header = this.#input.byte() | (this.#input.byte() << 8) | (this.#input.byte() << 16);
    const size = header >>> 3;
    if (size > frame.maxBlock) throw malformed('Zstandard block is larger than allowed', this.position - 3);
    const start = frame.history.reserve(frame.maxBlock);
    this.#decodeBlock(frame, (header >>> 1) & 3, size);
    frame.ended = (header & 1) === 1;
    return frame.history.since(start);
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
    this.#input.skip(4);
    const header = readFrameHeader(this.#input);
    this.#frame = {
      ...header,
      history: new History(header.window),
      recent: [1, 4, 8],
      ended: false,
      huffman: undefined,
      tables: undefined,
    };
    return true;
  }

  #decodeBlock(frame: Frame, type: number, size: number): void {
    if (type === RAW) frame.history.append(this.#input.take(size), 0, size);
    else if (type === RLE) frame.history.fill(this.#input.byte(), size);
    else if (type === COMPRESSED) {
      const block = new Uint8Array(size + PADDING);
      block.set(this.#input.take(size));
      decodeCompressed(frame, block, size);
    } else throw malformed('Zstandard block type', this.position - 3);
  }
}

function decodeCompressed(frame: Frame, block: Uint8Array, size: number): void {
  const literals = readLiterals(block, size, frame.huffman, frame.maxBlock);
  frame.huffman = literals.table;
  const { count, tables, end } = readSequenceHeader(block, literals.end, size, frame.tables);
  frame.tables = tables;
  if (count === 0 || tables === undefined) frame.history.append(literals.bytes, 0, literals.bytes.length);
  else executeSequences(block, end, size, count, tables, literals.bytes, frame.recent, frame.history, frame.maxBlock);
}
