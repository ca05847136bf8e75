/** Triggers as a tree of symbols, in lists of numbers: ten thousand maps would be seen at start. */
export class TriggerTree {
  /** The first states of the tree: nothing is read yet. */
  readonly roots: number;
  readonly depth: number[];
  readonly #symbol: number[];
  /** 0 for none: no state leads back to the first. */
  readonly #firstChild: number[];
  readonly #nextSibling: number[];
  /** Children of the roots by symbol. Why: they are asked for most, and there are hundreds. */
  readonly #ofRoots: number[][];

  constructor(roots: number) {
    this.roots = roots;
    const none = (): number[] => Array.from({ length: roots }, () => 0);
    this.depth = none();
    this.#symbol = none();
    this.#firstChild = none();
    this.#nextSibling = none();
    this.#ofRoots = Array.from({ length: roots }, () => []);
  }

  get size(): number {
    return this.depth.length;
  }

  /** The state that a symbol leads to, 0 for none, unless it is to be made then. */
  child(state: number, symbol: number, make = false): number {
    const known = state < this.roots ? (this.#ofRoots[state]![symbol] ?? 0) : this.#sought(state, symbol);
    if (known !== 0 || !make) return known;
    if (state < this.roots) this.#ofRoots[state]![symbol] = this.size;
    this.depth.push(this.depth[state]! + 1);
    this.#symbol.push(symbol);
    this.#nextSibling.push(this.#firstChild[state]!);
    return (this.#firstChild[state] = this.#firstChild.push(0) - 1);
  }

  #sought(state: number, symbol: number): number {
    for (let at = this.#firstChild[state]!; at !== 0; at = this.#nextSibling[at]!) if (this.#symbol[at] === symbol) return at;
    return 0;
  }

  /** Where the state leads to: symbol and state. */
  children(state: number): [number, number][] {
    const out: [number, number][] = [];
    for (let at = this.#firstChild[state]!; at !== 0; at = this.#nextSibling[at]!) out.push([this.#symbol[at]!, at]);
    return out;
  }
}

/** What the states of a tree know of each other. */
export interface Failures {
  /** The states, near ones to the root first: they are asked most often, and so lie together in the table. */
  readonly order: readonly number[];
  /** For each state the longest other one that what it read ends with. */
  readonly fail: Uint16Array;
  /** The triggers that end in a state: its own, and those of the states it falls back to. */
  readonly merged: readonly (readonly number[] | undefined)[];
}

/** Links each state to what is left of it where no trigger goes on: in the end the root that a symbol leads to by itself. */
export function linkFailures(
  tree: TriggerTree,
  ends: ReadonlyMap<number, readonly number[]>,
  rootAfter: (symbol: number) => number,
): Failures {
  const { roots } = tree;
  const fail = new Uint16Array(tree.size);
  const merged: (readonly number[] | undefined)[] = [];
  const order = Array.from({ length: roots }, (_, root) => root);
  for (const state of order) {
    const own = ends.get(state);
    const inherited = state < roots ? undefined : merged[fail[state]!];
    merged[state] = own === undefined || inherited === undefined ? (own ?? inherited) : [...own, ...inherited];
    for (const [symbol, child] of tree.children(state)) {
      let at = fail[state]!;
      while (at >= roots && tree.child(at, symbol) === 0) at = fail[at]!;
      fail[child] = (state < roots ? 0 : tree.child(at, symbol)) || rootAfter(symbol);
      order.push(child);
    }
  }
  return { order, fail, merged };
}
