import { malformed } from '../../core/errors.ts';
import { latin1 } from '../bytes/read.ts';
import type { Cursor } from './cursor.ts';

const CLASSES = [
  'integer',
  'float',
  'time',
  'string',
  'bitfield',
  'opaque',
  'compound',
  'reference',
  'enum',
  'vlen',
  'array',
  'complex',
] as const;

/** What the elements of a dataset or attribute are. */
export interface Datatype {
  readonly class: (typeof CLASSES)[number];
  /** Bytes of one element in the file. */
  readonly size: number;
  /** `U8`, `F32`, ...: what model files call it. */
  readonly name: string;
  /** True for a variable-length string (class `vlen`). */
  readonly text: boolean;
  /** Type of the items of a `vlen`, `enum` or `array`. */
  readonly base?: Datatype;
  /** Label of an `opaque` type. */
  readonly tag?: string;
}

/** Why a limit: vlen, array and enum types nest; hostile ones without end. */
const MAX_NESTING = 16;

/** Reads a datatype message, versions 1 to 5. Members of compound types are not read. */
export function readDatatype(cursor: Cursor, depth = 0): Datatype {
  if (depth > MAX_NESTING) throw malformed('HDF5 datatype is nested too deeply');
  const lead = cursor.u8();
  const version = lead >> 4;
  const bits = cursor.uint(3);
  const size = cursor.u32();
  const kind = CLASSES[lead & 15];
  if (kind === undefined || version < 1 || version > 5) throw malformed(`HDF5 datatype ${lead} is unknown`);
  const common = { class: kind, size, text: false };
  switch (kind) {
    case 'integer':
    case 'bitfield':
      return { ...common, name: `${(bits & 8) === 0 ? 'U' : 'I'}${size * 8}` };
    case 'float':
      return { ...common, name: floatName(cursor, size) };
    case 'opaque':
      return { ...common, name: 'opaque', tag: latin1(cursor.take(Math.min(bits & 0xff, cursor.remaining))).replace(/\0.*$/su, '') };
    case 'enum': {
      const base = readDatatype(cursor, depth + 1);
      return { ...common, name: size === 1 ? 'BOOL' : base.name, base };
    }
    case 'vlen': {
      const text = (bits & 15) === 1;
      return { ...common, text, name: text ? 'string' : 'vlen', base: readDatatype(cursor, depth + 1) };
    }
    case 'array': {
      cursor.skip((version < 3 ? 8 : 4) * skipRank(cursor, version));
      return { ...common, name: 'array', base: readDatatype(cursor, depth + 1) };
    }
    default:
      return { ...common, name: kind };
  }
}

function skipRank(cursor: Cursor, version: number): number {
  const rank = cursor.u8();
  if (version < 3) cursor.skip(3);
  return rank;
}

/** Tells bfloat16 and the 8-bit floats from IEEE ones by the width of the exponent. */
function floatName(cursor: Cursor, size: number): string {
  if (size > 2 || cursor.remaining < 12) return `F${size * 8}`;
  cursor.skip(5);
  const exponentBits = cursor.u8();
  if (size === 2) return exponentBits === 8 ? 'BF16' : 'F16';
  return exponentBits === 5 ? 'F8_E5M2' : 'F8_E4M3';
}
