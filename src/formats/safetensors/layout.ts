import type { TensorEntry } from './tensor.ts';

/** A stretch of the buffer, in bytes from its start. */
export interface Stretch {
  readonly begin: number;
  readonly end: number;
}

/** How the tensors lie in the buffer. Ordinary files have only `end`, equal to the length of the buffer. */
export interface Layout {
  /** Tensors with offsets that are no range inside the buffer. */
  readonly outside: readonly TensorEntry[];
  /** Tensors that begin before the one in front of them ends. */
  readonly overlapping: readonly TensorEntry[];
  /** Bytes between tensors that belong to none. */
  readonly holes: readonly Stretch[];
  /** Where the last tensor ends. */
  readonly end: number;
}

/** Lays the tensors out over a buffer of `size` bytes. The header may name them in any order. */
export function layOut(tensors: readonly TensorEntry[], size: number): Layout {
  const isInside = (tensor: TensorEntry): boolean => tensor.begin <= tensor.end && tensor.end <= size;
  const inside = tensors.filter(isInside).toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  const overlapping: TensorEntry[] = [];
  const holes: Stretch[] = [];
  let end = 0;
  for (const tensor of inside) {
    if (tensor.begin < end) overlapping.push(tensor);
    else if (tensor.begin > end) holes.push({ begin: end, end: tensor.begin });
    end = Math.max(end, tensor.end);
  }
  return { outside: tensors.filter((tensor) => !isInside(tensor)), overlapping, holes, end };
}
