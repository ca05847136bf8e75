import { type Budget, limitReached } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import type { Decoder } from './decoder.ts';

const MIB = 1024 * 1024;
/** Why 64 MiB: nearly all compressed members are smaller and can then be read back and forth without inflating twice. */
const KEEP_ALL = 64 * MIB;
/** Beyond that only a window is held: this much, */
const WINDOW = 16 * MIB;
/** of which this much lies behind the newest byte, for parsers that step back; */
const BACK = 4 * MIB;
/** and the beginning, which sniffing and every scanner look at again. */
const PREFIX = 64 * 1024;
/** Why 256 MiB: constant data legitimately shrinks 40,000 : 1 in bzip2 and xz; only huge output at such ratios is a bomb. */
const RATIO_GRACE = 256 * MIB;

/**
 * Random access to what a decoder produces, inflated as far as somebody reads and no further. Every byte is charged to the
 * budget. Reading behind the window starts the decoder again.
 *
 * A broken or truncated stream ends where its good part ends and leaves {@link failure}: loaders execute what comes before
 * the break, so scanners must see it.
 */
export class InflatedSource implements ByteSource {
  readonly #open: () => Decoder;
  readonly #budget: Budget;
  readonly #start: number;
  #decoder: Decoder;
  #held = new Uint8Array(0);
  #heldStart = 0;
  #produced = 0;
  #size: number | undefined;
  #windowed = false;
  #prefix = new Uint8Array(0);
  #failure: CordonError | undefined;
  #end = 0;

  constructor(open: () => Decoder, budget: Budget) {
    this.#open = open;
    this.#budget = budget;
    this.#decoder = open();
    this.#start = this.#decoder.position;
  }

  /** Exact number of inflated bytes; inflates to the end. */
  get size(): number {
    while (this.#size === undefined) this.#advance(this.#produced);
    return this.#size;
  }

  /** Why the stream ended before its proper end; known once {@link size} is. */
  get failure(): CordonError | undefined {
    return this.#failure;
  }

  /** Offset in the compressed source behind the stream's last byte; inflates to the end. */
  get end(): number {
    return this.size >= 0 ? this.#end : 0;
  }

  read(offset: number, length: number): Uint8Array {
    if (this.#windowed && offset + length <= this.#prefix.length) return this.#prefix.subarray(offset, offset + length);
    if (offset < this.#heldStart) this.#restart();
    const end = offset + length;
    while (this.#produced < end && this.#size === undefined) this.#advance(offset);
    // After a restart the size is known already, but the bytes must be produced once more.
    while (this.#produced < Math.min(end, this.#size ?? end)) this.#advance(offset);
    const from = Math.min(offset, this.#produced) - this.#heldStart;
    return this.#held.subarray(from, Math.min(end, this.#produced) - this.#heldStart);
  }

  #restart(): void {
    this.#decoder = this.#open();
    this.#heldStart = 0;
    this.#produced = 0;
  }

  /** Decodes one more piece, keeping all that is held from `needed` on. */
  #advance(needed: number): void {
    const piece = this.#nextPiece();
    if (piece === undefined) {
      this.#size = this.#produced;
      this.#end = this.#decoder.position;
      return;
    }
    this.#budget.charge('inflatedBytes', piece.length);
    const consumed = Math.max(1, this.#decoder.position - this.#start);
    if (this.#produced > RATIO_GRACE && this.#produced > this.#budget.limits.ratio * consumed) {
      throw limitReached('ratio', this.#budget.limits.ratio);
    }
    this.#makeRoom(piece.length, needed);
    this.#held.set(piece, this.#produced - this.#heldStart);
    this.#produced += piece.length;
  }

  #nextPiece(): Uint8Array | undefined {
    try {
      return this.#decoder.next();
    } catch (error) {
      if (!(error instanceof CordonError) || error.code === 'limit.reached') throw error;
      this.#failure = error;
      return undefined;
    }
  }

  #makeRoom(length: number, needed: number): void {
    const used = this.#produced - this.#heldStart;
    if (used + length <= this.#held.length) return;
    if (!this.#windowed && used + length <= KEEP_ALL) {
      this.#resize(0, used, Math.min(KEEP_ALL, Math.max(2 * this.#held.length, used + length)));
      return;
    }
    if (!this.#windowed) {
      this.#windowed = true;
      this.#prefix = this.#held.slice(0, PREFIX);
    }
    const from = Math.max(this.#heldStart, Math.min(needed, this.#produced - BACK));
    const kept = this.#produced - from;
    const capacity = Math.max(WINDOW, kept + length);
    if (capacity > WINDOW) this.#budget.checkBuffer(this.#produced - needed);
    this.#resize(from - this.#heldStart, kept, capacity > WINDOW ? capacity + WINDOW : capacity);
    this.#heldStart = from;
  }

  #resize(from: number, kept: number, capacity: number): void {
    if (this.#held.length === capacity) {
      this.#held.copyWithin(0, from, from + kept);
      return;
    }
    const next = new Uint8Array(capacity);
    next.set(this.#held.subarray(from, from + kept));
    this.#held = next;
  }
}
