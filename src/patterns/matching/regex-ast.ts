import type { CharSet } from './char-set.ts';

/** One code unit out of a set. */
export interface SetNode {
  readonly kind: 'set';
  readonly set: CharSet;
}

/** A body repeated between `min` and `max` times; `max` is Infinity for `*`, `+` and `{n,}`. */
export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: RegexNode;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  /** The quantifier as written, and where: for error messages. */
  readonly written: string;
  readonly at: number;
}

/** A look at the one code unit before or after the current place. */
export interface LookNode {
  readonly kind: 'look';
  readonly direction: 'ahead' | 'behind';
  readonly negative: boolean;
  readonly set: CharSet;
}

/** `\b` or `\B`. */
export interface BoundaryNode {
  readonly kind: 'boundary';
  readonly negative: boolean;
}

/** The syntax tree of the regular expressions that patterns are written in. */
export type RegexNode =
  | SetNode
  | RepeatNode
  | LookNode
  | BoundaryNode
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] };
