import type { GgufFile, GgufTensor } from './parse.ts';
import { tensorType } from './tensor-types.ts';

/** A tensor with the bytes it needs. */
export interface PlacedTensor extends GgufTensor {
  /** Number of elements; Infinity when the product is not exact. */
  readonly elements: number;
  /** Bytes the data takes; undefined for an unknown type; NaN when the dimensions do not fill whole blocks. */
  readonly bytes: number | undefined;
}

/** How the tensors lie in the data section. */
export interface GgufLayout {
  readonly alignment: number;
  /** Where the data section begins in the file. */
  readonly dataStart: number;
  readonly tensors: readonly PlacedTensor[];
  /** Tensors that end behind the file or begin off the alignment. */
  readonly outside: readonly PlacedTensor[];
  readonly misaligned: readonly PlacedTensor[];
  readonly overlapping: readonly PlacedTensor[];
  /** Stretches of at least one alignment that belong to no tensor, from the start of the file. */
  readonly holes: readonly { readonly begin: number; readonly end: number }[];
  /** Where the last tensor ends in the file, padding included. */
  readonly end: number;
}

/** Lays the tensors out in a file of `size` bytes. `alignment` must be a positive safe integer. */
export function layOutGguf(file: GgufFile, size: number, alignment: number): GgufLayout {
  const dataStart = align(file.end, alignment);
  const tensors = file.tensors.map(place);
  const isInside = (tensor: PlacedTensor): boolean => dataStart + tensor.offset + (tensor.bytes ?? 0) <= size;
  const sized = tensors.filter((tensor) => Number.isFinite(tensor.bytes));
  const overlapping: PlacedTensor[] = [];
  const holes: { begin: number; end: number }[] = [];
  let end = dataStart;
  let padded = dataStart;
  for (const tensor of sized.filter(isInside).toSorted((a, b) => a.offset - b.offset)) {
    const begin = dataStart + tensor.offset;
    if (begin < end && tensor.bytes !== 0) overlapping.push(tensor);
    else if (begin - padded >= alignment) holes.push({ begin: padded, end: begin });
    end = Math.max(end, begin + (tensor.bytes ?? 0));
    padded = align(end, alignment);
  }
  return {
    alignment,
    dataStart,
    tensors,
    outside: tensors.filter((tensor) => tensor.bytes !== undefined && !Number.isNaN(tensor.bytes)).filter((tensor) => !isInside(tensor)),
    misaligned: tensors.filter((tensor) => !(tensor.offset % alignment === 0)),
    overlapping,
    holes: sized.length === tensors.length ? holes : [],
    end: padded,
  };
}

function place(tensor: GgufTensor): PlacedTensor {
  const elements = exact(tensor.dimensions.reduce((product, size) => exact(product * size), 1));
  const type = tensorType(tensor.type);
  if (type === undefined) return { ...tensor, elements, bytes: undefined };
  const isWhole = (tensor.dimensions[0] ?? 1) % type.block === 0;
  return { ...tensor, elements, bytes: isWhole ? exact((elements / type.block) * type.bytes) : Number.NaN };
}

function exact(value: number): number {
  return value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;
}

function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
