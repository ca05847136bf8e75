import { BYTE, type Dtype } from './dtypes.ts';
import { refused } from './refuse.ts';
import { describe, type Dict, type Global, type Storage, type Tensor, type Tuple, type Value } from './values.ts';

/** Why: torch itself allows 64. */
const MAX_DIMENSIONS = 64;

/** Says what a call makes, without making it. Throws `convert.refused` for arguments that torch does not write. */
export function rebuild(callee: Global, args: Tuple, offset: number): Value {
  switch (callee.name) {
    case 'OrderedDict':
      if (args.items.length > 0) throw refused('OrderedDict with arguments', offset);
      return { kind: 'dict', entries: new Map(), strangeKey: undefined };
    case 'Size':
      return { kind: 'size' };
    case 'tensor-v2':
      return tensorOf(args.items, undefined, args.items[6], offset);
    case 'tensor-v3':
      return tensorOf(args.items, dtypeArgument(args.items[6], offset), args.items[7], offset);
    case 'parameter':
      return parameterOf(args.items, offset);
    default:
      throw refused(`a call of ${describe(callee)}`, offset);
  }
}

/** The storage behind a persistent id `('storage', class, key, device, elements)`. */
export function storageOf(id: Value, offset: number): Storage {
  const items = isKind(id, 'tuple') ? id.items : [];
  const [tag, type, key, device, count] = items;
  const isStorage = isKind(type, 'global') && (type.name === 'storage' || type.name === 'untyped-storage');
  if (items.length !== 5 || tag !== 'storage' || !isStorage || typeof key !== 'string' || typeof device !== 'string' || !isCount(count))
    throw refused('a persistent id that does not name a storage', offset);
  const dtype = type.dtype ?? BYTE;
  const bytes = count * dtype.bytes;
  if (!Number.isSafeInteger(bytes)) throw refused(`a storage of ${count} elements`, offset);
  return { kind: 'storage', key, dtype, bytes };
}

function tensorOf(args: readonly Value[], given: Dtype | undefined, metadata: Value | undefined, offset: number): Tensor {
  const [storage, start, size, strides, requiresGrad, hooks] = args;
  const longest = given === undefined ? 7 : 8;
  if (!isKind(storage, 'storage') || !isCount(start) || args.length > longest) throw refused('a tensor without a storage', offset);
  const shape = counts(size, offset);
  const stride = counts(strides, offset);
  if (shape.length !== stride.length) throw refused('a tensor with more sizes than strides, or fewer', offset);
  checkTail(requiresGrad, hooks, offset);
  checkMetadata(metadata, offset);
  const tensor: Tensor = { kind: 'tensor', dtype: given ?? storage.dtype, storage, offset: start, shape, stride };
  checkBounds(tensor, offset);
  return tensor;
}

function parameterOf(args: readonly Value[], offset: number): Value {
  const [data, requiresGrad, hooks] = args;
  if (args.length !== 3 || !isKind(data, 'tensor')) throw refused('a parameter that is no tensor', offset);
  checkTail(requiresGrad, hooks, offset);
  return data;
}

function dtypeArgument(value: Value | undefined, offset: number): Dtype {
  if (isKind(value, 'global') && value.name === 'dtype' && value.dtype !== undefined) return value.dtype;
  throw refused('a tensor without a dtype', offset);
}

function checkTail(requiresGrad: Value | undefined, hooks: Value | undefined, offset: number): void {
  if (typeof requiresGrad !== 'boolean') throw refused('a tensor that does not say whether it needs a gradient', offset);
  if (hooks !== null && !(isKind(hooks, 'dict') && isEmpty(hooks))) throw refused('a tensor with backward hooks', offset);
}

/** Why: torch keeps conjugation and negation as a mark beside bytes that are not changed; safetensors has no such mark. */
function checkMetadata(metadata: Value | undefined, offset: number): void {
  if (metadata === undefined || metadata === null) return;
  const marks =
    isKind(metadata, 'dict') && metadata.strangeKey === undefined ? [...metadata.entries] : [['unknown metadata', true] as const];
  for (const [mark, value] of marks)
    if (value !== false || (mark !== 'conj' && mark !== 'neg'))
      throw refused(`a tensor with a lazy mark (${mark}); resolve it first`, offset);
}

/** Every element must lie inside the storage: loaders that do not check this read foreign memory. */
function checkBounds({ dtype, storage, offset: start, shape, stride }: Tensor, offset: number): void {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(elements * dtype.bytes)) throw refused('a tensor larger than any storage', offset);
  // Torch leaves the offset of an empty view where it was.
  if (elements === 0) return;
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * (stride[i] ?? 0), start);
  if (!((last + 1) * dtype.bytes <= storage.bytes))
    throw refused(`a tensor that reaches behind its storage of ${storage.bytes} bytes`, offset);
}

function counts(value: Value | undefined, offset: number): number[] {
  const items = isKind(value, 'tuple') ? value.items : undefined;
  if (items === undefined || items.length > MAX_DIMENSIONS || !items.every(isCount))
    throw refused('sizes or strides that are none', offset);
  return items as number[];
}

function isCount(value: Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isEmpty(dict: Dict): boolean {
  return dict.entries.size === 0 && dict.strangeKey === undefined;
}

/** Narrows a value by its kind. */
export function isKind<K extends Exclude<Value, string | number | boolean | null>['kind']>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}
