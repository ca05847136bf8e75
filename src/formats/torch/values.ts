import type { Dtype } from './dtypes.ts';

/** What the pickle of a state dict can hold. Plain numbers, texts, truth values and None stand for themselves. */
export type Value = string | number | boolean | null | Tuple | Dict | Global | Storage | Tensor | Size | Ignored | Opaque;

export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}

/** `dict` or `collections.OrderedDict`. */
export interface Dict {
  readonly kind: 'dict';
  readonly entries: Map<string, Value>;
  /** The first key that is not text, described; such a dict is no state dict. */
  strangeKey: string | undefined;
}

/** One of the few names that may be imported. */
export interface Global {
  readonly kind: 'global';
  readonly name: GlobalName;
  /** Of a dtype or of a storage class; undefined where safetensors has none. */
  readonly dtype: Dtype | undefined;
}

export type GlobalName = 'OrderedDict' | 'Size' | 'tensor-v2' | 'tensor-v3' | 'parameter' | 'storage' | 'untyped-storage' | 'dtype';

/** The bytes of one or more tensors: a member of the archive. */
export interface Storage {
  readonly kind: 'storage';
  /** Name of the member below `data/`. */
  readonly key: string;
  /** What the class of the storage says its elements are. */
  readonly dtype: Dtype;
  readonly bytes: number;
}

/** A view of a storage. Numbers count elements and are safe, non-negative integers. */
export interface Tensor {
  readonly kind: 'tensor';
  readonly dtype: Dtype;
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

export interface Size {
  readonly kind: 'size';
}

/** A value that no tensor needs: a list, bytes, a huge number. */
export interface Ignored {
  readonly kind: 'list' | 'bytes' | 'long integer' | 'long text';
  /** Of lists, where what is not made is left out: what they hold. */
  readonly parts?: Value[];
}

/** An object of a class or function that is not known: never made, only seen. */
export interface Opaque {
  readonly kind: 'opaque';
  /** The name it was imported by; of what was made with it, too. */
  readonly name: string;
  /** What it was made from. */
  readonly parts: Value[];
}

/** A value in words, for messages. */
export function describe(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value.kind === 'opaque') return `an object of ${value.name}`;
  if (value.kind === 'global') return value.name === 'dtype' ? 'a dtype' : 'a class';
  return value.kind === 'size' ? 'a torch.Size' : `a ${value.kind}`;
}
