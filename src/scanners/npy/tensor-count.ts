import type { Json } from '../../core/artifact.ts';
import type { NpyHeader } from '../../formats/npy/header.ts';

const FAMILIES: Readonly<Record<string, string>> = { f: 'F', i: 'I', u: 'U', c: 'C', b: 'BOOL' };

/** Adds up arrays for the bill of materials: how many, how many numbers, of which types. */
export class TensorCount {
  #count = 0;
  #parameters = 0n;
  readonly #dtypes = new Map<string, number>();

  add({ dtype, elements }: NpyHeader): void {
    this.#count++;
    this.#parameters += elements;
    const [leaf = 'V'] = dtype.leaves;
    const name = dtype.leaves.length > 1 ? 'STRUCT' : dtypeName(leaf);
    this.#dtypes.set(name, (this.#dtypes.get(name) ?? 0) + 1);
  }

  summary(): Json {
    return { count: this.#count, parameters: Number(this.#parameters), dtypes: Object.fromEntries(this.#dtypes) };
  }
}

/** `f4` as other formats call it: `F32`. */
function dtypeName(leaf: string): string {
  const kind = leaf[0] ?? '';
  const family = FAMILIES[kind];
  const bits = Number(leaf.slice(1)) * 8;
  if (family === undefined || !Number.isFinite(bits)) return leaf;
  return kind === 'b' ? family : `${family}${bits}`;
}
