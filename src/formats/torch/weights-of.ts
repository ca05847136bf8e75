import { isKind } from './rebuild.ts';
import { quote, refused } from './refuse.ts';
import { candidatesBelow, tensorsOf } from './state-dict.ts';
import { describe, type Dict, type Tensor, type Value } from './values.ts';

/** The tensors of a checkpoint, and what is not among them. */
export interface Weights {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The dict they were in; empty: the whole value. */
  readonly key: string;
  /** Keys beside and between the tensors whose values are no tensors. */
  readonly leftOut: readonly string[];
}

/** Names under which programs keep the weights, best first. */
const USUAL_KEYS = ['state_dict', 'model_state_dict', 'model', 'module', 'net', 'network'];
const LISTED = 100;
/** What rebuilds arrays of other libraries: weights too. */
const FOREIGN_ARRAYS = /^(?:numpy|jax|jaxlib|tensorflow)\..*_?(?:reconstruct|frombuffer|convert_to_tensor)/;
/** Values looked through for tensors. Why: a pickled list may hold millions, and itself. */
const LOOKED_AT = 1_000_000;

/**
 * The weights in a checkpoint that holds more than them, without what is no tensor. Throws `convert.refused` when it is not clear which
 * dict they are in, or when something left out would hold tensors that loaders look for.
 */
export function weightsOf(root: Value): Weights {
  if (!isKind(root, 'dict')) throw refused(`the file holds ${describe(root)}, not a dict of tensors`);
  const { key, dict } = dictOf(root);
  const kept: Dict = { kind: 'dict', entries: new Map(), strangeKey: dict.strangeKey };
  const leftOut = key === '' ? [] : [...root.entries.keys()].filter((name) => name !== key);
  for (const [name, value] of dict.entries) {
    if (isKind(value, 'tensor')) kept.entries.set(name, value);
    else if (holdsTensors(value)) throw refused(`the key ${quote(name)} holds ${describe(value)} with tensors in it, which would be lost`);
    else leftOut.push(key === '' ? name : `${key}.${name}`);
  }
  if (kept.entries.size === 0) throw refused('there are no tensors in it');
  return { tensors: tensorsOf(kept, key === '' ? undefined : key), key, leftOut: leftOut.slice(0, LISTED) };
}

function dictOf(root: Dict): { readonly key: string; readonly dict: Dict } {
  if ([...root.entries.values()].some((value) => isKind(value, 'tensor'))) return { key: '', dict: root };
  const candidates = candidatesBelow(root).filter(({ key }) => root.entries.has(key));
  const usual = USUAL_KEYS.map((name) => candidates.find(({ key }) => key === name)).find((found) => found !== undefined);
  const [only, other] = candidates;
  const chosen = usual ?? (other === undefined ? only : undefined);
  if (chosen === undefined) throw refused(`it is not clear which dict holds the weights: ${candidates.length} hold tensors`);
  return chosen;
}

function partsOf(value: Exclude<Value, string | number | boolean | null>): Iterable<Value> {
  if (value.kind === 'dict') return value.entries.values();
  if (value.kind === 'tuple') return value.items;
  return 'parts' in value ? (value.parts ?? []) : [];
}

/** Whether tensors, or arrays of another library, are somewhere in a value. What is not looked at to its end may hold some. */
function holdsTensors(value: Value): boolean {
  const seen = new Set<Value>();
  const open: Value[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    if (seen.size >= LOOKED_AT) return true;
    seen.add(next);
    if (next.kind === 'tensor' || next.kind === 'storage') return true;
    if (next.kind === 'opaque' && FOREIGN_ARRAYS.test(next.name)) return true;
    for (const part of partsOf(next)) open.push(part);
  }
  return false;
}
