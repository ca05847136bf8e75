import type { Attribute } from './attributes.ts';
import { elementCount } from './dataspace.ts';
import type { Hdf5File } from './file.ts';
import type { GlobalHeap } from './global-heap.ts';
import { variableLengthItems } from './values.ts';

/**
 * The strings an attribute holds, as bytes without padding; nothing for attributes of other types. Fixed-length ones stop
 * at the first NUL unless they are binary behind it: pickles in string attributes have NULs inside.
 */
export function* attributeTexts(file: Hdf5File, heap: GlobalHeap, { type, shape, data }: Attribute): Generator<Uint8Array> {
  const count = elementCount(shape);
  if (type.class === 'string' || type.class === 'opaque') {
    for (let i = 0; i < count && (i + 1) * type.size <= data.length && type.size > 0; i++) {
      yield withoutPadding(data.subarray(i * type.size, (i + 1) * type.size));
    }
  } else if (type.class === 'vlen' && (type.text || type.base?.size === 1)) {
    for (const span of variableLengthItems(file, heap, data, 1)) yield withoutPadding(file.read(span.address, span.length));
  }
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
