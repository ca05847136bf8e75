import type { Range } from '../protobuf/wire.ts';

/** Where a node lives: node names are unique inside a scope, function names inside a library. */
export interface TfScope {
  readonly id: number;
  /** Scopes of one graph and its functions share a library. */
  readonly library: number;
  /** Name of the function whose body this is. */
  readonly functionName?: string;
  /** For people: `graph`, `function f`, `graph inside Const/x`. */
  readonly label: string;
}

/** A tensor by what it declares, and its first strings where it holds strings. */
export interface TfTensor {
  readonly type: number;
  /** Product of its dimensions; NaN when unknown or negative. */
  readonly elements: number;
  readonly strings: readonly string[];
  /** There were more strings, or longer ones, than were kept. */
  readonly cut: boolean;
}

/** An operator call. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  /** As the graph spells them: `name`, `name:1`, `^control`, and in functions `name:output:0`. */
  readonly inputs: readonly string[];
  /** Text attributes by name, lists included; each text cut at 4 KiB. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Names of the functions the attributes name. */
  readonly functions: readonly string[];
  /** The `value` attribute. */
  readonly tensor: TfTensor | undefined;
  /** The `dtype` and `shape` attributes: data type by number, number of elements. */
  readonly type: number;
  readonly elements: number;
  readonly offset: number;
}

/** What a SavedModel, MetaGraph, GraphDef or Keras metadata file holds, in the order of its bytes. */
export type TfEvent =
  | { readonly kind: 'node'; readonly scope: TfScope; readonly node: TfNode }
  | { readonly kind: 'function'; readonly scope: TfScope; readonly name: string; readonly inputs: readonly string[] }
  | { readonly kind: 'graph'; readonly scope: TfScope }
  | { readonly kind: 'asset'; readonly tensor: string; readonly filename: string; readonly offset: number }
  | { readonly kind: 'version'; readonly value: string }
  | { readonly kind: 'tag'; readonly value: string }
  | { readonly kind: 'signature'; readonly value: string }
  | { readonly kind: 'keras'; readonly identifier: string; readonly metadata: Range };
