import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';

/** An axis of a view, in elements. */
export interface Axis {
  readonly count: number;
  readonly stride: number;
}

const WIDE_BYTES = 1024 * 1024;
const PAGE_BYTES = 4096;

/**
 * Elements of a storage, read as they are needed in the order they lie. Why two widths: where used elements lie close together
 * one long read serves many; where they lie far apart it would fetch mostly what is not used.
 */
export class Reach {
  readonly #storage: ByteSource;
  readonly #width: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(storage: ByteSource, itemBytes: number, axes: readonly Axis[]) {
    this.#storage = storage;
    // From the smallest stride up: as long as the gap to the next run is no page, the runs are read together.
    let run = itemBytes;
    for (const { count, stride } of axes.toSorted((a, b) => a.stride - b.stride)) {
      if (stride * itemBytes - run > PAGE_BYTES) break;
      run = Math.max(run, (count - 1) * stride * itemBytes + run);
    }
    this.#width = Math.min(WIDE_BYTES, Math.max(run, PAGE_BYTES));
  }

  /** A view that holds `length` bytes (at most a page) of the storage from `offset` on; see {@link at}. */
  hold(offset: number, length: number): Uint8Array {
    const at = offset - this.#start;
    if (at < 0 || at + length > this.#bytes.length) {
      // Copied: the storage may reuse its buffer.
      this.#bytes = new Uint8Array(this.#storage.read(offset, Math.max(length, this.#width)));
      this.#start = offset;
      if (this.#bytes.length < length) throw truncated(`a storage ends after ${offset + this.#bytes.length} bytes`);
    }
    return this.#bytes;
  }

  /** Where a byte of the storage is in the view held now. */
  at(offset: number): number {
    return offset - this.#start;
  }
}
