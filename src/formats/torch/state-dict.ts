import { isKind } from './rebuild.ts';
import { quote, refused } from './refuse.ts';
import { describe, type Dict, type Tensor, type Value } from './values.ts';

/** How deep below the top a state dict is looked for. */
const MAX_DEPTH = 4;
const LISTED = 10;

/** A state dict inside the pickled value. */
export interface Candidate {
  readonly key: string;
  readonly dict: Dict;
}

/**
 * The tensors of the state dict by name: the whole value, or the dict at `key` (names joined by dots). Throws
 * `convert.refused` naming what stands in the way, and the keys to choose from.
 */
export function stateDict(root: Value, key: string | undefined): ReadonlyMap<string, Tensor> {
  if (!isKind(root, 'dict')) throw refused(`the file holds ${describe(root)}, not a dict of tensors`);
  if (key !== undefined) return tensorsOf(chosen(root, key), key);
  const nested = [...root.entries].find(([, value]) => isKind(value, 'dict'));
  const candidates = nested === undefined ? [] : candidatesBelow(root);
  if (nested !== undefined && candidates.length > 0)
    throw refused(`there are dicts inside the dict; name the one to convert with --key: ${listed(candidates)}`);
  return tensorsOf(root, undefined);
}

function chosen(root: Dict, key: string): Dict {
  const candidates = candidatesBelow(root);
  const matching = candidates.filter((candidate) => candidate.key === key);
  const [first] = matching;
  if (first !== undefined && matching.length === 1) return first.dict;
  if (matching.length > 1) throw refused(`${matching.length} dicts are called ${quote(key)}`);
  const direct = root.entries.get(key);
  if (isKind(direct, 'dict')) return direct;
  throw refused(`there is no dict of tensors at ${quote(key)}${candidates.length === 0 ? '' : `; there is: ${listed(candidates)}`}`);
}

/** Dicts that hold at least one tensor, in the order of the file. Why `seen`: a pickled dict may contain itself. */
export function candidatesBelow(root: Dict): readonly Candidate[] {
  const found: Candidate[] = [];
  const seen = new Set<Dict>([root]);
  const search = (dict: Dict, path: readonly string[]): void => {
    for (const [name, value] of dict.entries) {
      if (!isKind(value, 'dict') || seen.has(value)) continue;
      seen.add(value);
      const here = [...path, name];
      if ([...value.entries.values()].some((item) => isKind(item, 'tensor'))) found.push({ key: here.join('.'), dict: value });
      if (here.length < MAX_DEPTH) search(value, here);
    }
  };
  search(root, []);
  return found;
}

/** The tensors of a dict that holds nothing else, by name. */
export function tensorsOf(dict: Dict, at: string | undefined): ReadonlyMap<string, Tensor> {
  const place = at === undefined ? '' : ` of ${quote(at)}`;
  if (dict.strangeKey !== undefined) throw refused(`the key ${dict.strangeKey}${place} is no text`);
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of dict.entries) {
    if (!isKind(value, 'tensor')) throw refused(`the key ${quote(name)}${place} holds ${describe(value)}, not a tensor`);
    if (name === '__metadata__') throw refused('a tensor called "__metadata__": safetensors keeps that name for itself');
    tensors.set(name, value);
  }
  return tensors;
}

function listed(candidates: readonly Candidate[]): string {
  const shown = candidates.slice(0, LISTED).map((candidate) => quote(candidate.key));
  return candidates.length > LISTED ? `${shown.join(', ')} and ${candidates.length - LISTED} more` : shown.join(', ');
}
