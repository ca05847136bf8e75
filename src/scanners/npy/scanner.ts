import type { Budget } from '../../core/budget.ts';
import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../../formats/bytes/read.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { type NpyHeader, readNpyHeader } from '../../formats/npy/header.ts';
import { NPY_RULES } from './rules.ts';
import { TensorCount } from './tensor-count.ts';

type NpyObservation = Observation<(typeof NPY_RULES)[number]['id']>;

/** Kinds of elements that are bytes rather than numbers, so that a stream can hide among them. */
const BYTE_KINDS = /^(?:[VSa]\d*|[iu]1)$/;

/** Reads NumPy arrays: finds pickles in the place of data, sizes that do not fit and what lies behind the array. */
export const npyScanner = fileScanner({
  id: 'npy',
  title: 'NumPy arrays',
  rules: NPY_RULES,
  accepts: (subject) => subject.format === 'npy',
  *inspect({ source }, context) {
    const count = new TensorCount();
    let start = 0;
    // Why a loop: `np.save` to an open file writes one array behind the other, and `np.load` reads them one by one.
    while (isArrayAt(source, start, context.budget)) {
      const header = readNpyHeader(source, start, context.budget);
      count.add(header);
      const end = yield* inspectArray(header, source, context);
      if (end === undefined) break;
      start = end;
    }
    if (start > 0 && start < source.size && !isArrayAt(source, start, context.budget)) yield appended(source, start, context);
    context.fact('tensors', count.summary());
  },
});

function isArrayAt(source: ByteSource, start: number, budget: Budget): boolean {
  budget.charge('steps', 1_000);
  return hasBytes(source.read(start, 6), '\x93NUMPY');
}

/** Looks into one array; returns where it ends, or undefined when nothing behind it can be told apart from its data. */
function* inspectArray(header: NpyHeader, source: ByteSource, context: ScanContext): Generator<NpyObservation, number | undefined> {
  const { dtype, elements, dataStart } = header;
  const present = source.size - dataStart;
  if (dtype.itemSize === undefined) yield unusual(dtype.leaves);
  if (dtype.hasObject) {
    yield {
      rule: 'npy.object-array',
      key: 'object',
      message: 'The array holds Python objects, so its data is a pickle.',
      at: { offset: dataStart },
    };
    context.descend({ name: '<object>', source: sliceSource(source, dataStart, present) });
    return undefined;
  }
  const rest = sliceSource(source, dataStart, present);
  if (dtype.itemSize === undefined) {
    context.descend({ name: '<data>', source: rest });
    return undefined;
  }
  const size = dtype.itemSize * elements;
  if (size > BigInt(present)) {
    yield sizeMismatch(size, present);
    context.descend({ name: '<data>', source: rest, role: 'opaque' });
    return undefined;
  }
  if (size > 0n && dtype.leaves.some((leaf) => BYTE_KINDS.test(leaf))) {
    context.descend({ name: '<data>', source: sliceSource(source, dataStart, Number(size)), role: 'opaque' });
  }
  return dataStart + Number(size);
}

function unusual(leaves: readonly string[]): NpyObservation {
  return {
    rule: 'npy.unusual-dtype',
    key: leaves.join(',').slice(0, 80),
    message: `The element type is spelled as NumPy never writes it: ${leaves.join(', ').slice(0, 80)}.`,
  };
}

function sizeMismatch(size: bigint, present: number): NpyObservation {
  return {
    rule: 'npy.size-mismatch',
    key: 'size',
    message: `Shape and element type ask for ${size} bytes, but there are ${present}.`,
    evidence: { expected: size.toString(), present },
  };
}

function appended(source: ByteSource, start: number, context: ScanContext): NpyObservation {
  const size = source.size - start;
  context.descend({ name: '<appended>', source: sliceSource(source, start, size) });
  return { rule: 'npy.appended-data', key: 'appended', message: `${size} bytes lie behind the array.`, at: { offset: start } };
}
