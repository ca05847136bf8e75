import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../bytes/read.ts';
import { type Decoder, NOTHING } from '../inflate/decoder.ts';
import { Input } from '../inflate/input.ts';
import { openBlock } from './block-header.ts';
import { type Check, CHECK_SIZES, openCheck } from './check.ts';
import { XZ_MAGIC } from './signature.ts';

const FOOTER = 12;

/** An xz file of one or more streams, read as one as every tool does; checks verified. */
export class XzDecoder implements Decoder {
  readonly #input: Input;
  #checkId = 0;
  #check: Check | undefined;
  #block: Decoder | undefined;
  #blockStart = 0;
  #state: 'header' | 'blocks' | 'done' = 'header';

  constructor(source: ByteSource, start: number) {
    this.#input = new Input(source, start);
  }

  get position(): number {
    return this.#input.offset;
  }

  next(): Uint8Array | undefined {
    if (this.#state === 'done') return undefined;
    if (this.#state === 'header') this.#readHeader();
    if (this.#block === undefined) {
      this.#openBlockOrIndex();
      return NOTHING;
    }
    const piece = this.#block.next();
    if (piece === undefined) this.#closeBlock();
    else this.#check?.update(piece);
    return piece ?? NOTHING;
  }

  #readHeader(): void {
    const start = this.#input.offset;
    const header = this.#input.take(12);
    if (!hasBytes(header, XZ_MAGIC) || header[6] !== 0 || (header[7] as number) > 0x0f) throw malformed('xz stream header', start);
    this.#checkId = header[7] as number;
    this.#state = 'blocks';
  }

  #openBlockOrIndex(): void {
    this.#blockStart = this.#input.offset;
    const sizeByte = this.#input.byte();
    if (sizeByte === 0) {
      this.#skipIndex();
      return;
    }
    this.#block = openBlock(this.#input, sizeByte);
    this.#blockStart = this.#input.offset;
    this.#check = openCheck(this.#checkId);
  }

  #closeBlock(): void {
    this.#block = undefined;
    const start = this.#input.offset;
    this.#pad(start - this.#blockStart);
    const stored = this.#input.take(CHECK_SIZES[this.#checkId] ?? 0);
    const computed = this.#check?.digest();
    if (computed !== undefined && Buffer.compare(stored, computed) !== 0) throw malformed('xz check does not match the content', start);
  }

  /** The index repeats the sizes of the blocks. Why only its extent matters: no loader looks at it before the content is out. */
  #skipIndex(): void {
    const start = this.#blockStart;
    const records = this.#vli();
    for (let i = 0; i < records; i++) {
      this.#vli();
      this.#vli();
    }
    this.#pad(this.#input.offset - start);
    this.#input.take(4);
    const footer = this.#input.take(FOOTER);
    if (!hasBytes(footer, 'YZ', FOOTER - 2)) throw malformed('xz stream footer', this.#input.offset - FOOTER);
    // Zero padding may stand between streams and behind the last one.
    while (this.#input.fill() && this.#input.buffer[this.#input.at] === 0) this.#input.at++;
    this.#state = hasBytes(this.#input.peek(6), XZ_MAGIC) ? 'header' : 'done';
  }

  #vli(): number {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.#input.byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw malformed('xz number is too long', this.#input.offset);
  }

  #pad(length: number): void {
    const padding = (4 - (length % 4)) % 4;
    if (this.#input.take(padding).some((byte) => byte !== 0)) throw malformed('xz padding', this.#input.offset);
  }
}
