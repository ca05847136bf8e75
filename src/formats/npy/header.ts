import type { Budget } from '../../core/budget.ts';
import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes, latin1, readExactly, utf8, viewOf } from '../bytes/read.ts';
import { parsePythonLiteral } from '../python-literal/parse.ts';
import { dictGet, isDict } from '../python-literal/value.ts';
import { type Dtype, readDtype, shapeProduct } from './dtype.ts';

/** Where an array lies and what it holds. */
export interface NpyHeader {
  readonly version: number;
  readonly dtype: Dtype;
  /** Product of the shape. */
  readonly elements: bigint;
  /** Offset of the first byte of data. */
  readonly dataStart: number;
}

/** Why: NumPy refuses headers above 10,000 bytes unless told otherwise; thousands of named fields need a few hundred KiB. */
const MAX_HEADER_BYTES = 8 << 20;

/** Reads the header of the array that begins at `start`. */
export function readNpyHeader(source: ByteSource, start: number, budget: Budget): NpyHeader {
  const prefix = readExactly(source, start, 10);
  if (!hasBytes(prefix, '\x93NUMPY')) throw malformed('no NPY magic', start);
  const [version = 0, minor] = prefix.subarray(6, 8);
  if (version < 1 || version > 3 || minor !== 0) throw new CordonError('format.unsupported', `NPY version ${version}.${minor}`);
  const long = version > 1;
  const length = long ? viewOf(readExactly(source, start + 8, 4)).getUint32(0, true) : viewOf(prefix).getUint16(8, true);
  const textStart = start + (long ? 12 : 10);
  if (length > MAX_HEADER_BYTES) throw malformed(`NPY header of ${length} bytes`, start);
  budget.checkBuffer(length);
  const bytes = readExactly(source, textStart, length);
  const header = parsePythonLiteral(version === 3 ? utf8(bytes) : latin1(bytes));
  const names = isDict(header) ? header.entries.map(([name]) => name) : [];
  const expected = ['descr', 'fortran_order', 'shape'];
  if (!isDict(header) || names.length !== 3 || !expected.every((name) => names.includes(name))) {
    throw malformed('NPY header is not a dictionary of descr, fortran_order and shape', textStart);
  }
  if (typeof dictGet(header, 'fortran_order') !== 'boolean') throw malformed('fortran_order is neither True nor False', textStart);
  return {
    version,
    dtype: readDtype(dictGet(header, 'descr') ?? null),
    elements: shapeProduct(dictGet(header, 'shape') ?? null),
    dataStart: textStart + length,
  };
}
