import type { Budget } from '../../core/budget.ts';
import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { Cursor, shown } from './cursor.ts';
import { type GgufValue, readLength, readValue } from './value.ts';

/** One pair of the metadata. */
export interface GgufPair {
  readonly key: string;
  readonly value: GgufValue;
}

/** One tensor as the file describes it; numbers that a double cannot hold exactly are Infinity. */
export interface GgufTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly type: number;
  /** From the start of the data section, in bytes. */
  readonly offset: number;
}

/** A GGUF file without its tensor data. */
export interface GgufFile {
  readonly version: number;
  readonly littleEndian: boolean;
  readonly tensorCount: number;
  readonly pairCount: number;
  readonly pairs: readonly GgufPair[];
  readonly tensors: readonly GgufTensor[];
  /** Where the tensor descriptions end, before alignment, in bytes. */
  readonly end: number;
  /** Why reading stopped before the end: then pairs and tensors are what came before. */
  readonly broken?: { readonly error: CordonError; readonly offset: number };
}

const MAX_KEY = 65_535;
const MAX_NAME = 1024;
/** Fewest bytes a pair or a tensor description can have: what bounds their number. */
const MIN_PAIR = 9;
const MIN_TENSOR = 16;

/** Reads header, metadata and tensor descriptions. Lengths are compared with what is left before anything is held. */
export function parseGguf(source: ByteSource, budget: Budget): GgufFile {
  const cursor = new Cursor(source, budget, 4);
  const first = cursor.u32();
  if ((first & 0xffff) === 0) cursor.littleEndian = false;
  cursor.offset = 4;
  const version = cursor.u32();
  if (version < 1 || version > 3) throw new CordonError('format.unsupported', `GGUF version ${version}`);
  const tensorCount = readLength(cursor, version);
  const pairCount = readLength(cursor, version);
  const pairs: GgufPair[] = [];
  const tensors: GgufTensor[] = [];
  const file = { version, littleEndian: cursor.littleEndian, tensorCount, pairCount, pairs, tensors };
  try {
    checkCount(pairCount, MIN_PAIR, cursor, 'pairs');
    checkCount(tensorCount, MIN_TENSOR, cursor, 'tensors');
    for (let i = 0; i < pairCount; i++) pairs.push(readPair(cursor, version, budget));
    for (let i = 0; i < tensorCount; i++) tensors.push(readTensor(cursor, version, budget));
  } catch (error) {
    if (!(error instanceof CordonError) || error.code === 'limit.reached') throw error;
    return { ...file, end: cursor.offset, broken: { error, offset: cursor.offset } };
  }
  return { ...file, end: cursor.offset };
}

function checkCount(count: number, least: number, cursor: Cursor, what: string): void {
  if (!(count * least <= cursor.left)) throw malformed(`${shown(count)} ${what} with ${cursor.left} bytes left`, 8);
}

function readPair(cursor: Cursor, version: number, budget: Budget): GgufPair {
  budget.charge('steps');
  const length = readLength(cursor, version);
  if (length > MAX_KEY) throw malformed(`key of ${shown(length)} bytes`, cursor.offset);
  const key = cursor.text(length, MAX_NAME);
  return { key, value: readValue(cursor, version, budget) };
}

function readTensor(cursor: Cursor, version: number, budget: Budget): GgufTensor {
  budget.charge('steps');
  const length = readLength(cursor, version);
  if (length > MAX_KEY) throw malformed(`tensor name of ${shown(length)} bytes`, cursor.offset);
  const name = cursor.text(length, MAX_NAME);
  const count = cursor.u32();
  if (count > 8) throw malformed(`tensor of ${count} dimensions`, cursor.offset - 4);
  const dimensions = Array.from({ length: count }, () => readLength(cursor, version));
  const type = cursor.u32();
  return { name, dimensions, type, offset: cursor.u64() };
}
