import { malformed } from '../../core/errors.ts';
import { isSequence, type PythonValue } from '../python-literal/value.ts';

/** What the reader must know of an array's element type. */
export interface Dtype {
  /** Bytes of one element; undefined when the description is one that NumPy itself never writes. */
  readonly itemSize: bigint | undefined;
  /** Elements are Python objects, so that the data is a pickle. */
  readonly hasObject: boolean;
  /** Kind letters of all leaves, for example `f`; with the size in bytes: `f4`. */
  readonly leaves: readonly string[];
}

/** How NumPy writes a plain type: byte order, kind, size in bytes (characters for U), unit of a date. */
const PLAIN = /^[<>|=]?([?bBiufcSaUVOMmT])(\d{0,9})(\[[\w/]{1,16}\])?$/;
/** Why: no table has that many columns, and every one costs a step. */
const MAX_FIELDS = 100_000;

/** Reads the `descr` entry of a header: a type string, a list of fields, or a type with a shape. */
export function readDtype(descr: PythonValue): Dtype {
  const leaves: string[] = [];
  let hasObject = false;
  let fields = 0;

  const sizeOf = (value: PythonValue): bigint | undefined => {
    if (++fields > MAX_FIELDS) throw malformed('too many fields in the element type');
    if (typeof value === 'string') return sizeOfPlain(value);
    if (!isSequence(value)) throw malformed('element type is neither text nor a list of fields');
    if (value.kind === 'tuple') {
      const [base, shape] = value.items;
      if (base === undefined || shape === undefined) throw malformed('element type with a shape needs both');
      return times(sizeOf(base), shapeProduct(shape));
    }
    return value.items.reduce<bigint | undefined>((sum, field) => plus(sum, sizeOfField(field)), 0n);
  };
  const sizeOfField = (field: PythonValue): bigint | undefined => {
    const [, type, shape] = isSequence(field) ? field.items : [];
    if (type === undefined) throw malformed('field without a type');
    return times(sizeOf(type), shape === undefined ? 1n : shapeProduct(shape));
  };
  const sizeOfPlain = (text: string): bigint | undefined => {
    const [, kind, digits] = PLAIN.exec(text) ?? [];
    if (kind === undefined || (digits === '' && kind !== 'O')) {
      // Why: NumPy builds a type from almost any text, `i4,O` and `object` among them; objects cannot be excluded.
      hasObject ||= /[O,]|obj/.test(text);
      leaves.push(text.slice(0, 32));
      return undefined;
    }
    if (kind === 'O') hasObject = true;
    leaves.push(`${kind}${digits}`);
    return BigInt(digits === '' ? '8' : (digits ?? '0')) * (kind === 'U' ? 4n : 1n);
  };

  const itemSize = sizeOf(descr);
  return { itemSize, hasObject, leaves };
}

/** Number of elements of a shape: BigInt, because the product of hostile dimensions leaves every integer type. */
export function shapeProduct(shape: PythonValue): bigint {
  const dimensions = isSequence(shape) ? shape.items : [shape];
  if (dimensions.length > 64) throw malformed('more than 64 dimensions');
  return dimensions.reduce<bigint>((product, dimension) => {
    const whole = typeof dimension === 'bigint' || (typeof dimension === 'number' && Number.isInteger(dimension));
    if (!whole || dimension < 0) throw malformed('dimension is not a whole number');
    return product * BigInt(dimension);
  }, 1n);
}

function times(a: bigint | undefined, b: bigint): bigint | undefined {
  return a === undefined ? undefined : a * b;
}

function plus(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
