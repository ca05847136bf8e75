import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { type Decoder, NOTHING } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { BitReader } from './bits.ts';
import { type Block, readBlock } from './block.ts';
import { bzip2Crc } from './crc.ts';
import { isBzip2Header } from './signature.ts';

const BLOCK_MAGIC = [0x314159, 0x265359] as const;
const END_MAGIC = [0x177245, 0x385090] as const;
/** Bytes handed out at once. */
const PIECE = 256 * 1024;

/** A bzip2 file of one or more streams, read as one as every tool does; checksums verified. */
export class Bzip2Decoder implements Decoder {
  readonly #bits: BitReader;
  readonly #out = new Uint8Array(PIECE + 256);
  #links = new Uint32Array(0);
  #block: Block | undefined;
  #next = 0;
  #left = 0;
  #last = -1;
  #repeats = 0;
  #blockCrc = 0;
  #crc = 0;
  #streamCrc = 0;
  #state: 'header' | 'blocks' | 'done' = 'header';

  constructor(source: ByteSource, start: number) {
    this.#bits = new BitReader(new Input(source, start));
  }

  get position(): number {
    return this.#bits.input.offset;
  }

  next(): Uint8Array | undefined {
    if (this.#state === 'done') return undefined;
    if (this.#state === 'header') this.#readHeader();
    // Why only now: what came out of a block is handed out before its checksum stops everything; loaders get it too.
    if (this.#block !== undefined && this.#left === 0) this.#closeBlock();
    if (this.#block === undefined) this.#readMagic();
    if (this.#block === undefined) return NOTHING;
    const piece = this.#out.subarray(0, this.#expand(this.#block));
    this.#crc = bzip2Crc(piece, this.#crc);
    return piece;
  }

  #readHeader(): void {
    const input = this.#bits.input;
    const head = input.take(4);
    if (!isBzip2Header(head)) throw malformed('not a bzip2 header', input.offset - 4);
    const capacity = ((head[3] as number) - 0x30) * 100_000;
    if (this.#links.length !== capacity) this.#links = new Uint32Array(capacity);
    this.#streamCrc = 0;
    this.#state = 'blocks';
  }

  #readMagic(): void {
    const high = this.#bits.read(24);
    const low = this.#bits.read(24);
    const crc = this.#bits.uint32();
    if (high === BLOCK_MAGIC[0] && low === BLOCK_MAGIC[1]) {
      this.#openBlock(crc);
      return;
    }
    if (high !== END_MAGIC[0] || low !== END_MAGIC[1]) throw malformed('bzip2 block magic number', this.position);
    this.#bits.align();
    if (crc !== this.#streamCrc >>> 0) throw malformed('bzip2 stream checksum does not match the content', this.position);
    this.#state = isBzip2Header(this.#bits.input.peek(4)) ? 'header' : 'done';
  }

  #openBlock(crc: number): void {
    this.#block = readBlock(this.#bits, this.#links);
    this.#blockCrc = crc;
    this.#crc = 0xffffffff;
    this.#next = (this.#block.links[this.#block.origin] as number) >>> 8;
    this.#left = this.#block.length;
    this.#last = -1;
    this.#repeats = 0;
  }

  /** Walks the list and undoes the first run-length coding: four equal bytes are followed by a count of more. */
  #expand({ links }: Block): number {
    const out = this.#out;
    let at = 0;
    let next = this.#next;
    let left = this.#left;
    let last = this.#last;
    let repeats = this.#repeats;
    while (left > 0 && at < PIECE) {
      const link = links[next] as number;
      const value = link & 0xff;
      next = link >>> 8;
      left--;
      if (repeats === 4) {
        out.fill(last, at, at + value);
        at += value;
        repeats = 0;
        last = -1;
        continue;
      }
      repeats = value === last ? repeats + 1 : 1;
      last = value;
      out[at++] = value;
    }
    this.#next = next;
    this.#left = left;
    this.#last = last;
    this.#repeats = repeats;
    return at;
  }

  #closeBlock(): void {
    this.#block = undefined;
    const crc = ~this.#crc >>> 0;
    this.#streamCrc = ((this.#streamCrc << 1) | (this.#streamCrc >>> 31)) ^ crc;
    if (this.#repeats === 4) throw truncated('bzip2 run without a length', this.position);
    if (crc !== this.#blockCrc) throw malformed('bzip2 block checksum does not match the content', this.position);
  }
}
