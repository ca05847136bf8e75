import { dtypeNamed, storageDtype } from './dtypes.ts';
import { quote, refused } from './refuse.ts';
import type { Global, GlobalName, Opaque } from './values.ts';

const NAMES: ReadonlyMap<string, GlobalName> = new Map<string, GlobalName>([
  ['collections OrderedDict', 'OrderedDict'],
  ['torch Size', 'Size'],
  ['torch._utils _rebuild_tensor_v2', 'tensor-v2'],
  ['torch._utils _rebuild_tensor_v3', 'tensor-v3'],
  ['torch._utils _rebuild_parameter', 'parameter'],
  ['torch.storage UntypedStorage', 'untyped-storage'],
  ['torch UntypedStorage', 'untyped-storage'],
]);

/** Names that state dicts do hold now and then, and why they cannot become safetensors. */
const KNOWN_OBSTACLES: ReadonlyMap<string, string> = new Map([
  ['torch._utils _rebuild_qtensor', 'quantised tensors have no counterpart in safetensors; dequantise them first'],
  ['torch._utils _rebuild_sparse_tensor', 'sparse tensors have no counterpart in safetensors; make them dense first'],
  ['torch._utils _rebuild_sparse_csr_tensor', 'sparse tensors have no counterpart in safetensors; make them dense first'],
  ['torch._utils _rebuild_nested_tensor', 'nested tensors have no counterpart in safetensors'],
  ['torch._utils _rebuild_meta_tensor_no_storage', 'tensors on the device "meta" have no content'],
  ['torch._tensor _rebuild_from_type_v2', 'it is a subclass of tensor or has attributes of its own, which would be lost'],
  ['torch._utils _rebuild_parameter_with_state', 'the parameter has attributes of its own, which would be lost'],
]);

/**
 * The object behind an import. Why an exact list: whatever is not on it would have to be executed to know what it becomes.
 * `near` is the key of the dict it stands under, where that is known.
 */
export function importGlobal(module: string, name: string, offset: number, near: string | undefined): Global {
  const known = NAMES.get(`${module} ${name}`);
  if (known !== undefined) return { kind: 'global', name: known, dtype: undefined };
  const dtype = module === 'torch' ? dtypeNamed(name) : undefined;
  if (dtype !== undefined) return { kind: 'global', name: 'dtype', dtype };
  const storage = module === 'torch' ? storageDtype(name) : undefined;
  if (storage !== undefined) return { kind: 'global', name: 'storage', dtype: storage };
  const place = near === undefined ? '' : ` under the key ${quote(near)}`;
  throw refused(`${quote(`${module}.${name}`)}${place} cannot be converted: ${obstacle(module, name)}`, offset);
}

/**
 * The same where objects that are no tensors may be left out: names that are not known stand for objects that are never made.
 * Why not all: what rebuilds tensors in other ways would lose weights without a word.
 */
export function importOrLeaveOut(module: string, name: string, offset: number, near: string | undefined): Global | Opaque {
  const whole = `${module} ${name}`;
  const isTorch = module === 'torch' || module.startsWith('torch.');
  const isTensor = KNOWN_OBSTACLES.has(whole) || (isTorch && (name.startsWith('_rebuild') || name.endsWith('Storage')));
  if (NAMES.has(whole) || isTensor || module === 'torch' || module.startsWith('__torch__')) return importGlobal(module, name, offset, near);
  return { kind: 'opaque', name: `${module}.${name}`.slice(0, 200), parts: [] };
}

function obstacle(module: string, name: string): string {
  const known = KNOWN_OBSTACLES.get(`${module} ${name}`);
  if (known !== undefined) return known;
  if (module === 'torch' && /^Q(U?Int\w+)Storage$/.test(name)) return 'quantised tensors have no counterpart in safetensors';
  if (module === 'torch' && /^(complex|float|u?int|bits|q)[a-z]*\d/.test(name)) return 'the reference library cannot read this dtype';
  if (module === 'torch' && name.endsWith('Storage')) return 'the reference library cannot read this dtype';
  if (module.startsWith('__torch__')) return 'it is a TorchScript class, not a state dict';
  return 'only dicts of plain tensors can be, without executing anything';
}
