import type { Decoder } from '../inflate/decoder.ts';

/** Undoes a reversible transformation in place, piece by piece. */
export interface Filter {
  /**
   * Transforms `bytes` and returns how many of them are final; the rest is passed again, followed by more. With `last`
   * everything is final.
   */
  undo(bytes: Uint8Array, last: boolean): number;
}

/** A decoder whose output went through a filter before it was compressed. */
export class FilteredDecoder implements Decoder {
  readonly #inner: Decoder;
  readonly #filter: Filter;
  #held = new Uint8Array(0);
  #emitted = 0;
  #ended = false;

  constructor(inner: Decoder, filter: Filter) {
    this.#inner = inner;
    this.#filter = filter;
  }

  get position(): number {
    return this.#inner.position;
  }

  next(): Uint8Array | undefined {
    while (!this.#ended) {
      const piece = this.#inner.next();
      this.#ended = piece === undefined;
      const rest = this.#held.subarray(this.#emitted);
      const joined = new Uint8Array(rest.length + (piece?.length ?? 0));
      joined.set(rest);
      if (piece !== undefined) joined.set(piece, rest.length);
      this.#held = joined;
      this.#emitted = this.#filter.undo(joined, this.#ended);
      if (this.#emitted > 0) return joined.subarray(0, this.#emitted);
    }
    return undefined;
  }
}
