import { malformed } from '../../core/errors.ts';
import { itemSize } from './array-dtype.ts';
import type { Container, Value } from './values.ts';
import { qualifiedName } from './values.ts';
import type { Window } from './window.ts';

/** A numpy array that joblib writes between the opcodes of a stream, right behind the `BUILD` of its wrapper. */
export interface InlineArray {
  /** Bytes of raw numbers, alignment padding not counted; undefined for arrays of objects, whose content is a pickle. */
  readonly length: number | undefined;
  /** True when a padding count and that many bytes stand before the numbers (joblib >= 1.2). */
  readonly padded: boolean;
}

/** The inline array that follows when `object` is a joblib array wrapper that has just been given `state`. */
export function inlineArray(object: Value, state: Value): InlineArray | undefined {
  if (typeof object !== 'object' || object.kind !== 'made' || object.by === undefined) return undefined;
  if (!/(^|\.)joblib\.numpy_pickle\.NumpyArrayWrapper$/.test(qualifiedName(object.by))) return undefined;
  const entries = isDict(state) ? state.entries : undefined;
  const dtype = entries?.get('dtype');
  const shape = entries?.get('shape');
  if (typeof dtype !== 'object' || dtype.kind !== 'made' || dtype.dtype === undefined)
    throw malformed('joblib array without a readable dtype');
  if (dtype.dtype.hasObject) return { length: undefined, padded: false };
  const size = itemSize(dtype.dtype);
  const count = elementCount(shape);
  if (size === undefined || count === undefined) throw malformed(`joblib array of unknown size (dtype ${dtype.dtype.code})`);
  return { length: count * size, padded: typeof entries?.get('numpy_array_alignment_bytes') === 'number' };
}

/** Moves the window over the numbers of an array. */
export function skipInlineArray(window: Window, array: InlineArray): void {
  if (array.padded) window.skip(window.u8());
  if (array.length !== undefined && array.length > 0) window.skip(array.length);
}

function elementCount(shape: Value | undefined): number | undefined {
  if (typeof shape !== 'object' || shape.kind !== 'tuple' || shape.length !== shape.items.length) return undefined;
  let count = 1;
  for (const dimension of shape.items) {
    // numpy integers and shapes out of shared memo entries are not plain numbers; joblib writes plain ones.
    if (typeof dimension !== 'number' || dimension < 0) return undefined;
    count *= dimension;
  }
  return Number.isSafeInteger(count) ? count : undefined;
}

function isDict(value: Value): value is Container {
  return typeof value === 'object' && value.kind === 'dict';
}
