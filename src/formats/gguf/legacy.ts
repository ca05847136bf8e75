import type { Budget } from '../../core/budget.ts';
import { CordonError, malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { latin1 } from '../bytes/read.ts';
import { Cursor } from './cursor.ts';
import { tensorType } from './tensor-types.ts';

/** A file from before GGUF. */
export interface LegacyGgml {
  readonly magic: 'ggml' | 'ggmf' | 'ggjt' | 'ggla';
  /** 0 for the unversioned one. */
  readonly version: number;
  /** Number of tensors; undefined where the layout depends on the program that reads it. */
  readonly tensors?: number;
  readonly parameters: number;
  /** What is wrong, when the tensors could not be followed to the end of the file. */
  readonly broken?: string;
}

const MAX_VOCABULARY = 2 ** 22;

/** Blocks as they were before version 3 of ggjt, where their scales were single precision: type -> [elements, bytes]. */
const EARLY_BLOCKS: Readonly<Record<number, readonly [block: number, bytes: number]>> = {
  2: [32, 20],
  3: [32, 24],
  4: [16, 10],
  5: [16, 12],
  8: [32, 36],
};

/**
 * Follows the LLaMA layout of `ggmf`, `ggjt` and `ggla` to the end of the file. Unversioned `ggml` is not followed: every
 * program (whisper.cpp, gpt-2, gpt-j) has its own header there, and none of them says which it is.
 */
export function parseLegacyGgml(source: ByteSource, budget: Budget): LegacyGgml {
  const magic = [...latin1(source.read(0, 4))].toReversed().join('') as LegacyGgml['magic'];
  if (magic === 'ggml') return { magic, version: 0, parameters: 0 };
  const cursor = new Cursor(source, budget, 4);
  const version = cursor.u32();
  let tensors = 0;
  let parameters = 0;
  try {
    if (magic === 'ggla') cursor.skip(8);
    else skipVocabulary(cursor, budget);
    while (cursor.left > 0) {
      parameters += skipTensor(cursor, magic, version, budget);
      tensors++;
    }
  } catch (error) {
    if (!(error instanceof CordonError) || error.code === 'limit.reached') throw error;
    return { magic, version, tensors, parameters, broken: error.message };
  }
  return { magic, version, tensors, parameters };
}

function skipVocabulary(cursor: Cursor, budget: Budget): void {
  const words = cursor.u32();
  if (words > MAX_VOCABULARY) throw malformed(`vocabulary of ${words} words`, cursor.offset);
  cursor.skip(6 * 4);
  for (let i = 0; i < words; i++) {
    budget.charge('steps');
    cursor.skip(cursor.u32());
    cursor.skip(4);
  }
}

/** Moves past one tensor; returns its number of elements. */
function skipTensor(cursor: Cursor, magic: LegacyGgml['magic'], version: number, budget: Budget): number {
  budget.charge('steps');
  const dimensions = cursor.u32();
  const nameLength = cursor.u32();
  const id = cursor.u32();
  const type = tensorType(id);
  const isEarly = magic === 'ggmf' || (magic === 'ggjt' && version < 3);
  const [block, bytes] = (isEarly ? EARLY_BLOCKS[id] : undefined) ?? (type === undefined ? [] : [type.block, type.bytes]);
  if (dimensions < 1 || dimensions > 4) throw malformed(`tensor of ${dimensions} dimensions`, cursor.offset);
  if (block === undefined || bytes === undefined) throw malformed(`tensor of unknown type ${id}`, cursor.offset);
  let elements = 1;
  for (let i = 0; i < dimensions; i++) elements *= cursor.u32();
  cursor.skip(nameLength);
  if (magic !== 'ggmf') cursor.skip((32 - (cursor.offset % 32)) % 32);
  cursor.skip(Math.ceil(elements / block) * bytes);
  return elements;
}
