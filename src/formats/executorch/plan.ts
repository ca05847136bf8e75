import type { Table } from '../flatbuffer/flatbuffer.ts';

const MAX_ARGUMENTS = 4096;
const MAX_RANK = 64;
const TENSOR = 5;
/** Tensor lists and lists of optional tensors name other values by number. */
const LISTS = new Set([9, 10]);
/** Tables of instructions by the number of their kind: kernel, delegate, move, jump, free. */
const KERNEL = 1;
const DELEGATE = 2;

/** A tensor among the values of a method. */
export interface PlanTensor {
  readonly kind: 'tensor';
  readonly type: number;
  readonly sizes: readonly number[];
  readonly rankOfOrder: number;
  readonly buffer: number;
  /** It has a place in planned memory, so that `buffer` counts in the mutable data. */
  readonly planned: boolean;
  readonly external: boolean;
  readonly offset: number;
}

/** Numbers of values that a list or the method itself names. */
export interface PlanReferences {
  readonly kind: 'references';
  readonly what: string;
  readonly values: readonly number[];
}

/** The values of a method that can be wrong: tensors and lists of other values. */
export function* readValues(plan: Table): Generator<PlanTensor | PlanReferences> {
  for (const value of plan.tables(2)) {
    const kind = value.u8(0);
    const content = kind === 0 ? undefined : value.table(1);
    if (content === undefined) continue;
    if (kind === TENSOR) yield readTensor(content);
    else if (LISTS.has(kind))
      yield { kind: 'references', what: 'list', values: content.i32s(0, MAX_ARGUMENTS).filter((index) => index !== -1) };
  }
  yield { kind: 'references', what: 'input', values: plan.i32s(3, MAX_ARGUMENTS) };
  yield { kind: 'references', what: 'output', values: plan.i32s(4, MAX_ARGUMENTS) };
}

function readTensor(table: Table): PlanTensor {
  const extra = table.table(9);
  return {
    kind: 'tensor',
    type: table.u8(0),
    sizes: table.i32s(2, MAX_RANK),
    rankOfOrder: table.vector(3, 1).count,
    buffer: table.u32(5),
    planned: table.table(6) !== undefined,
    external: extra !== undefined && extra.u8(2) === 1,
    offset: table.at,
  };
}

/** An instruction: what it calls by number, and the values it names. */
export interface PlanInstruction {
  readonly operator: number | undefined;
  readonly delegate: number | undefined;
  readonly values: readonly number[];
  readonly jump: number | undefined;
  /** Number of instructions in its chain. */
  readonly length: number;
  readonly offset: number;
}

/** The instructions of all chains of a method. */
export function* readInstructions(plan: Table): Generator<PlanInstruction> {
  for (const chain of plan.tables(5)) {
    const length = chain.vector(2, 4).count;
    for (const instruction of chain.tables(2)) {
      const kind = instruction.u8(0);
      const call = kind === 0 ? undefined : instruction.table(1);
      if (call === undefined) continue;
      const isCall = kind === KERNEL || kind === DELEGATE;
      yield {
        operator: kind === KERNEL ? call.i32(0) : undefined,
        delegate: kind === DELEGATE ? call.i32(0) : undefined,
        values: isCall ? call.i32s(1, MAX_ARGUMENTS) : kind === 3 ? [call.i32(0), call.i32(1)] : [call.i32(0)],
        jump: kind === 4 ? call.i32(1) : undefined,
        length,
        offset: call.at,
      };
    }
  }
}

/** A delegate: the backend, and where its program lies. */
export interface PlanDelegate {
  readonly backend: string;
  readonly inSegment: boolean;
  readonly index: number;
}

/** The delegates of a method. */
export function* readDelegates(plan: Table): Generator<PlanDelegate> {
  for (const delegate of plan.tables(7)) {
    const data = delegate.table(1);
    yield { backend: delegate.string(0) ?? '', inSegment: data?.u8(0) === 1, index: data?.u32(1) ?? 0 };
  }
}

/** Names of the operators of a method, overloads included: `aten::add.out`. */
export function* readOperatorNames(plan: Table): Generator<string> {
  for (const operator of plan.tables(6)) {
    const overload = operator.string(1) ?? '';
    yield (operator.string(0) ?? '') + (overload === '' ? '' : `.${overload}`);
  }
}
