import { bytes, call, int, op, pickle, stackGlobal, text } from '../pickle-assembler.ts';

/** A tensor of a state dict: which storage class, and the view of it. */
export interface PickledTensor {
  readonly type: string;
  readonly elements: number;
  readonly offset: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
}

const tuple = (items: readonly number[]): Uint8Array => bytes(op.mark, ...items.map(int), op.tuple);
const persistentId = '\x51';
const no = '\x89';

/** The pickle that torch writes for a dict of tensors; the storages are numbered from 0. */
export function stateDictPickle(tensors: Readonly<Record<string, PickledTensor>>): Uint8Array {
  const entries = Object.entries(tensors).map(([name, { type, elements, offset, size, stride }], index) => {
    const id = bytes(op.mark, text('storage'), stackGlobal('torch', type), text(String(index)), text('cpu'), int(elements), op.tuple);
    const hooks = bytes(stackGlobal('collections', 'OrderedDict'), op.emptyTuple, op.reduce);
    const rebuild = stackGlobal('torch._utils', '_rebuild_tensor_v2');
    return bytes(text(name), call(rebuild, id, persistentId, int(offset), tuple(size), tuple(stride), no, hooks), op.setItem);
  });
  return pickle(op.emptyDict, ...entries);
}
