import type { Tensor } from './values.ts';

/** A tensor by the name it is stored under. */
type Named = readonly [name: string, tensor: Tensor];

/**
 * Groups of names whose tensors share bytes of one storage, such as tied embeddings, each in the order of the file. Neighbours in
 * one storage that do not touch share nothing.
 */
export function sharedNames(tensors: ReadonlyMap<string, Tensor>): readonly (readonly string[])[] {
  const byStorage = new Map<string, Named[]>();
  for (const named of tensors) {
    const group = byStorage.get(named[1].storage.key);
    if (group === undefined) byStorage.set(named[1].storage.key, [named]);
    else group.push(named);
  }
  const place = new Map([...tensors.keys()].map((name, index) => [name, index]));
  return [...byStorage.values()]
    .flatMap(overlapping)
    .map((names) => names.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)))
    .toSorted(([a = ''], [b = '']) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}

function overlapping(group: readonly Named[]): string[][] {
  const ranges = group.map(([name, tensor]) => ({ name, ...rangeOf(tensor) })).filter(({ begin, end }) => begin < end);
  const groups: string[][] = [];
  let reached = 0;
  for (const { name, begin, end } of ranges.toSorted((a, b) => a.begin - b.begin)) {
    if (begin < reached) groups.at(-1)?.push(name);
    else groups.push([name]);
    reached = Math.max(reached, end);
  }
  return groups.filter((names) => names.length > 1);
}

/** The bytes of the storage between the first and the last element; none for an empty tensor. */
function rangeOf({ dtype, offset, shape, stride }: Tensor): { begin: number; end: number } {
  const begin = offset * dtype.bytes;
  if (shape.includes(0)) return { begin, end: begin };
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * (stride[i] ?? 0), offset);
  return { begin, end: (last + 1) * dtype.bytes };
}
