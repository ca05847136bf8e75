import type { Cursor } from './cursor.ts';
import { readDataspace, type Shape } from './dataspace.ts';
import { type Datatype, readDatatype } from './datatype.ts';
import type { Hdf5File } from './file.ts';
import { MESSAGE } from './object-header.ts';
import type { SharedMessages } from './shared.ts';

/** A small named value on an object. */
export interface Attribute {
  readonly name: string;
  readonly type: Datatype;
  readonly shape: Shape;
  /** The value as stored: elements side by side, variable-length ones as references into the global heap. */
  readonly data: Uint8Array;
}

/** Reads an attribute message, versions 1 to 3. */
export function readAttribute(file: Hdf5File, shared: SharedMessages, cursor: Cursor): Attribute {
  const version = cursor.version('attribute', 1, 2, 3);
  const flags = cursor.u8();
  const nameBytes = cursor.u16();
  const typeBytes = cursor.u16();
  const spaceBytes = cursor.u16();
  if (version === 3) cursor.skip(1);
  const part = (length: number): Uint8Array => {
    const bytes = cursor.take(length);
    if (version === 1) cursor.skip(Math.min(cursor.remaining, Math.ceil(length / 8) * 8 - length));
    return bytes;
  };
  const name = file.over(part(nameBytes)).text(nameBytes);
  const typePart = file.over(part(typeBytes));
  const spacePart = file.over(part(spaceBytes));
  const sharedType = version > 1 && (flags & 1) !== 0;
  const sharedSpace = version > 1 && (flags & 2) !== 0;
  const type = readDatatype(sharedType ? file.over(shared.resolve(typePart, MESSAGE.datatype)) : typePart);
  const shape = readDataspace(sharedSpace ? file.over(shared.resolve(spacePart, MESSAGE.dataspace)) : spacePart);
  return { name, type, shape, data: cursor.take(cursor.remaining) };
}
