import { truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { copyElements } from './copy-elements.ts';
import { type Axis, Reach } from './reach.ts';
import type { Tensor } from './values.ts';

/** Bytes given on at once; also what a strided tensor is put together in. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const SLAB_BYTES = 32 * 1024 * 1024;

/**
 * The elements of a tensor in row-major order, piece by piece: memory does not grow with its size. A piece is valid until the
 * next one is asked for.
 */
export function* tensorContent(tensor: Tensor, storage: ByteSource): Generator<Uint8Array> {
  const { dtype, offset } = tensor;
  const axes = axesOf(tensor);
  const bytes = axes.reduce((product, axis) => product * axis.count, 1) * dtype.bytes;
  if (bytes === 0) return;
  if (isContiguous(axes)) yield* copied(storage, offset * dtype.bytes, bytes);
  else yield* gathered(axes, offset, dtype.bytes, storage);
}

/** Axes of one element are left out: their stride means nothing. */
function axesOf({ shape, stride }: Tensor): readonly Axis[] {
  return shape.map((count, i) => ({ count, stride: stride[i] as number })).filter(({ count }) => count !== 1);
}

function isContiguous(axes: readonly Axis[]): boolean {
  let expected = 1;
  for (const { count, stride } of axes.toReversed()) {
    if (stride !== expected) return false;
    expected *= count;
  }
  return true;
}

function* copied(storage: ByteSource, start: number, length: number): Generator<Uint8Array> {
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    const wanted = Math.min(CHUNK_BYTES, length - done);
    const bytes = storage.read(start + done, wanted);
    if (bytes.length < wanted) throw truncated(`a storage ends after ${start + done + bytes.length} bytes`);
    yield bytes;
  }
}

/**
 * Puts a strided tensor together slab by slab. Why slabs: the elements of one are copied in the order they lie in the storage,
 * which is then read forwards, whatever the order of the axes is.
 */
function* gathered(axes: readonly Axis[], offset: number, itemBytes: number, storage: ByteSource): Generator<Uint8Array> {
  const strides = rowMajor(axes);
  const cut = strides.findIndex((step) => step * itemBytes <= SLAB_BYTES);
  const rowElements = strides[cut] as number;
  const { count: rows, stride: rowStride } = axes[cut] as Axis;
  const rowsAtOnce = Math.min(rows, Math.max(1, Math.floor(SLAB_BYTES / (rowElements * itemBytes))));
  const slab = new Uint8Array(rowsAtOnce * rowElements * itemBytes);
  const inner = axes.slice(cut + 1).map((axis, i) => ({ ...axis, step: strides[cut + 1 + i] as number }));
  for (const outer of starts(axes.slice(0, cut), offset)) {
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - row);
      const block = [{ count, stride: rowStride, step: rowElements }, ...inner];
      const reach = new Reach(storage, itemBytes, block);
      copyElements(reach, outer + row * rowStride, block, itemBytes, slab);
      yield slab.subarray(0, count * rowElements * itemBytes);
    }
  }
}

/** Elements between neighbours on each axis of the result. */
function rowMajor(axes: readonly Axis[]): number[] {
  let step = 1;
  return axes
    .toReversed()
    .map(({ count }) => {
      const own = step;
      step *= count;
      return own;
    })
    .toReversed();
}

/** The first element of every slab: all combinations of the axes in front of it, in row-major order. */
function* starts([first, ...rest]: readonly Axis[], offset: number): Generator<number> {
  if (first === undefined) {
    yield offset;
    return;
  }
  for (let i = 0; i < first.count; i++) yield* starts(rest, offset + i * first.stride);
}
