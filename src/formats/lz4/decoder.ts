import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { viewOf } from '../bytes/read.ts';
import { type Decoder, NOTHING } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { isSkippableMagic } from '../zstd/skippable.ts';
import { decodeBlock } from './block.ts';
import { FRAME_MAGIC, LEGACY_MAGIC } from './signature.ts';
import { XxHash32, xxhash32 } from './xxhash32.ts';

/** How far back a match can reach. */
const HISTORY = 64 * 1024;
const LEGACY_BLOCK = 8 * 1024 * 1024;
const STORED = 0x8000_0000;

/** What a frame header says. */
interface Frame {
  readonly legacy: boolean;
  readonly blockSize: number;
  readonly independent: boolean;
  readonly blockChecksum: boolean;
  readonly contentChecksum: boolean;
}

/** LZ4 frames, one after the other, skippable ones passed over; checksums verified. */
export class Lz4Decoder implements Decoder {
  readonly #input: Input;
  #frame: Frame | undefined;
  #out = new Uint8Array(0);
  #end = 0;
  #hash = new XxHash32();
  #started = false;

  constructor(source: ByteSource, start: number) {
    this.#input = new Input(source, start);
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    if (this.#frame === undefined) return this.#openFrame() ? NOTHING : undefined;
    return this.#nextBlock(this.#frame);
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
    if (magic !== FRAME_MAGIC && magic !== LEGACY_MAGIC) {
      if (!this.#started) throw malformed('not an LZ4 frame', this.position);
      return false;
    }
    this.#started = true;
    const frame = this.#input.uint32() === LEGACY_MAGIC ? legacyFrame() : this.#readDescriptor();
    this.#frame = frame;
    if (this.#out.length !== frame.blockSize + HISTORY) this.#out = new Uint8Array(frame.blockSize + HISTORY);
    this.#end = 0;
    this.#hash = new XxHash32();
    return true;
  }

  #readDescriptor(): Frame {
    const start = this.#input.offset;
    const flags = this.#input.byte();
    const sizes = this.#input.byte();
    const blockCode = (sizes >>> 4) & 7;
    if ((flags & 0xc2) !== 0x40 || (sizes & 0x8f) !== 0 || blockCode < 4) throw malformed('LZ4 frame descriptor', start);
    const extra = this.#input.take(((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0));
    const expected = (xxhash32(Uint8Array.of(flags, sizes, ...extra)) >>> 8) & 0xff;
    if (this.#input.byte() !== expected) throw malformed('LZ4 frame descriptor checksum', start);
    if ((flags & 0x01) !== 0) throw new CordonError('format.unsupported', 'LZ4 frame needs an external dictionary');
    return {
      legacy: false,
      blockSize: 1 << (8 + 2 * blockCode),
      independent: (flags & 0x20) !== 0,
      blockChecksum: (flags & 0x10) !== 0,
      contentChecksum: (flags & 0x04) !== 0,
    };
  }

  #nextBlock(frame: Frame): Uint8Array {
    if (frame.legacy && this.#legacyEnd()) {
      this.#frame = undefined;
      return NOTHING;
    }
    const start = this.#input.offset;
    const header = this.#input.uint32();
    if (header === 0 && !frame.legacy) {
      this.#frame = undefined;
      if (frame.contentChecksum && this.#input.uint32() !== this.#hash.digest()) {
        throw malformed('LZ4 content checksum does not match the content', start);
      }
      return NOTHING;
    }
    const stored = !frame.legacy && header >= STORED;
    const length = stored ? header - STORED : header;
    // Why twice: the legacy frame allows blocks that grew a little; nothing real is near this.
    if (length > frame.blockSize * (frame.legacy ? 2 : 1)) throw malformed('LZ4 block is longer than declared', start);
    const block = this.#input.take(length);
    if (frame.blockChecksum && this.#input.uint32() !== xxhash32(block)) throw malformed('LZ4 block checksum', start);
    const piece = this.#decode(frame, block, stored);
    if (frame.contentChecksum) this.#hash.update(piece);
    return piece;
  }

  #decode(frame: Frame, block: Uint8Array, stored: boolean): Uint8Array {
    const history = frame.independent ? 0 : Math.min(this.#end, HISTORY);
    this.#out.copyWithin(0, this.#end - history, this.#end);
    if (stored) this.#out.set(block, history);
    this.#end = stored ? history + block.length : decodeBlock(block, this.#out, history, history + frame.blockSize, 0);
    return this.#out.subarray(history, this.#end);
  }

  /** The legacy frame has no end mark: it ends with the file or where another frame begins. */
  #legacyEnd(): boolean {
    const head = this.#input.peek(4);
    if (head.length < 4) return true;
    const value = viewOf(head).getUint32(0, true);
    return value === FRAME_MAGIC || value === LEGACY_MAGIC || isSkippableMagic(value);
  }
}

function legacyFrame(): Frame {
  return { legacy: true, blockSize: LEGACY_BLOCK, independent: true, blockChecksum: false, contentChecksum: false };
}
