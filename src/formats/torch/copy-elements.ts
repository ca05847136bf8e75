import type { Axis, Reach } from './reach.ts';

/** An axis of a block, and how far apart its elements are in the result. */
export interface BlockAxis extends Axis {
  readonly step: number;
}

/** Copies a block of elements that starts at element `first` into `into`, in the order they lie in the storage. */
export function copyElements(reach: Reach, first: number, axes: readonly BlockAxis[], itemBytes: number, into: Uint8Array): void {
  const order = axes.toSorted((a, b) => b.stride - a.stride);
  const inner = order.pop() as BlockAxis;
  const from = inner.stride * itemBytes;
  const to = inner.step * itemBytes;
  const isRun = from === itemBytes && to === itemBytes;

  function copyLine(source: number, target: number): void {
    let [at, put] = [source, target];
    for (let left = inner.count; left > 0;) {
      const held = reach.hold(at, itemBytes);
      let index = reach.at(at);
      // As many elements as the held bytes have.
      const room = from === 0 ? left : Math.min(left, Math.floor((held.length - index - itemBytes) / from) + 1);
      if (isRun) into.set(held.subarray(index, index + room * itemBytes), put);
      else {
        for (let i = 0, next = put; i < room; i++, index += from, next += to)
          for (let byte = 0; byte < itemBytes; byte++) into[next + byte] = held[index + byte] as number;
      }
      at += room * from;
      put += room * to;
      left -= room;
    }
  }

  function copyFrom(axis: number, source: number, target: number): void {
    const current = order[axis];
    if (current === undefined) return copyLine(source, target);
    for (let i = 0; i < current.count; i++)
      copyFrom(axis + 1, source + i * current.stride * itemBytes, target + i * current.step * itemBytes);
    return undefined;
  }

  copyFrom(0, first * itemBytes, 0);
}
