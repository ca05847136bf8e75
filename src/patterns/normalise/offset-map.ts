import type { Span } from '../../core/text.ts';

/** Takes spans of a derived text back to the text it was made from. */
export interface OffsetMap {
  /**
   * The smallest span of the source, in UTF-16 units, that covers what [start, end) was made from. Out-of-range offsets are
   * clamped; an empty span stays empty. Characters deleted inside the span are covered, those at its edges are not.
   */
  toOriginal(start: number, end: number): Span;
}

/** The map of a text that was left as it is. */
export function identityMap(length: number): OffsetMap {
  return {
    toOriginal(start, end) {
      const from = clamp(start, length);
      return { start: from, end: Math.max(from, clamp(end, length)) };
    },
  };
}

/** The map through two steps: `inner` leads from the derived text to the middle one, `outer` from there to the source. */
export function composeMaps(outer: OffsetMap, inner: OffsetMap): OffsetMap {
  return {
    toOriginal(start, end) {
      const middle = inner.toOriginal(start, end);
      return outer.toOriginal(middle.start, middle.end);
    },
  };
}

/**
 * Builds a map from pieces, in the order of the derived text. A copied piece maps unit by unit; a replaced one only as a whole,
 * so a span never cuts through what one character was decoded from. What no piece names was deleted.
 */
export class OffsetMapBuilder {
  #outStart: Int32Array = new Int32Array(24);
  #inStart: Int32Array = new Int32Array(24);
  /** Bitwise complement where the piece maps only as a whole. */
  #inEnd: Int32Array = new Int32Array(24);
  #count = 0;
  #length = 0;
  #ordered = true;

  /** Length of the derived text so far. */
  get length(): number {
    return this.#length;
  }

  /** [inStart, inEnd) was copied unit by unit. */
  copy(inStart: number, inEnd: number): void {
    if (inEnd <= inStart) return;
    const last = this.#count - 1;
    if (last >= 0 && this.#inEnd[last] === inStart) this.#inEnd[last] = inEnd;
    else this.#push(inStart, inEnd, inEnd);
    this.#length += inEnd - inStart;
  }

  /** [inStart, inEnd) was replaced by `outLength` units. */
  replace(inStart: number, inEnd: number, outLength: number): void {
    if (outLength === 0) return;
    if (outLength === 1 && inEnd - inStart === 1) {
      this.copy(inStart, inEnd);
      return;
    }
    this.#push(inStart, inEnd, ~inEnd);
    this.#length += outLength;
  }

  build(): OffsetMap {
    return new PieceMap(
      this.#outStart.subarray(0, this.#count),
      this.#inStart.subarray(0, this.#count),
      this.#inEnd.subarray(0, this.#count),
      this.#length,
      this.#ordered,
    );
  }

  #push(inStart: number, inEnd: number, storedEnd: number): void {
    const at = this.#count++;
    if (at === this.#outStart.length) {
      this.#outStart = grown(this.#outStart);
      this.#inStart = grown(this.#inStart);
      this.#inEnd = grown(this.#inEnd);
    }
    if (at > 0 && (inStart < (this.#inStart[at - 1] ?? 0) || inEnd < plainEnd(this.#inEnd[at - 1] ?? 0))) this.#ordered = false;
    this.#outStart[at] = this.#length;
    this.#inStart[at] = inStart;
    this.#inEnd[at] = storedEnd;
  }
}

class PieceMap implements OffsetMap {
  readonly #outStart: Int32Array;
  readonly #inStart: Int32Array;
  readonly #inEnd: Int32Array;
  readonly #length: number;
  readonly #ordered: boolean;

  constructor(outStart: Int32Array, inStart: Int32Array, inEnd: Int32Array, length: number, ordered: boolean) {
    this.#outStart = outStart;
    this.#inStart = inStart;
    this.#inEnd = inEnd;
    this.#length = length;
    this.#ordered = ordered;
  }

  toOriginal(start: number, end: number): Span {
    if (this.#length === 0) return { start: 0, end: 0 };
    const from = clamp(start, this.#length);
    const to = Math.max(from, clamp(end, this.#length));
    if (from === this.#length) {
      const edge = this.#endOf(this.#outStart.length - 1, this.#length - 1);
      return { start: edge, end: edge };
    }
    const first = this.#pieceAt(from);
    let low = this.#startOf(first, from);
    if (to === from) return { start: low, end: low };
    const last = this.#pieceAt(to - 1);
    let high = this.#endOf(last, to - 1);
    if (!this.#ordered) {
      for (let piece = first; piece <= last; piece++) {
        const left = piece === first ? from : (this.#outStart[piece] ?? 0);
        const right = piece === last ? to - 1 : (this.#outStart[piece + 1] ?? 0) - 1;
        low = Math.min(low, this.#startOf(piece, left));
        high = Math.max(high, this.#endOf(piece, right));
      }
    }
    return { start: low, end: high };
  }

  #pieceAt(offset: number): number {
    let low = 0;
    let high = this.#outStart.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#outStart[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #startOf(piece: number, offset: number): number {
    const start = this.#inStart[piece] ?? 0;
    return (this.#inEnd[piece] ?? 0) < 0 ? start : start + offset - (this.#outStart[piece] ?? 0);
  }

  #endOf(piece: number, offset: number): number {
    const end = this.#inEnd[piece] ?? 0;
    return end < 0 ? ~end : this.#startOf(piece, offset) + 1;
  }
}

function plainEnd(stored: number): number {
  return stored < 0 ? ~stored : stored;
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length);
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
