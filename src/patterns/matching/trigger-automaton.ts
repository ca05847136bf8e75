import { CordonError } from '../../core/errors.ts';

/** A literal to be found, and whether a match may begin with it. */
export interface Trigger {
  readonly text: string;
  readonly startsMatch: boolean;
  /** Matches that start with it do not begin in the middle of a word. */
  readonly atBoundary: boolean;
}

/** A dense Aho-Corasick automaton over folded code units: one table look-up per code unit whatever the number of triggers. */
export interface TriggerAutomaton {
  /** Class of each of the 65,536 code units; 0 for those in no trigger. */
  readonly classOf: Uint16Array;
  readonly classes: number;
  /**
   * `next[state * classes + class]` is the next state. Why not where its row begins, which saves the multiplication: that needs twice the
   * memory, and the table is the largest thing that a process with a guard holds.
   */
  readonly next: Uint16Array;
  /** From here on states are those in which a trigger ends: a comparison tells them from the others, no table is asked. */
  readonly firstOutput: number;
  /** Triggers that end in these states, the first of them first; see {@link triggersOf}. */
  readonly outputs: readonly (readonly number[])[];
  readonly lengths: Uint16Array;
  /** 1 for triggers that are nothing but digits. */
  readonly digits: Uint8Array;
  readonly depth: Uint16Array;
  readonly fail: Uint16Array;
  /** 0 no match can begin with what the state has read, 1 at the beginning of a word, 2 anywhere. */
  readonly begins: Uint8Array;
}

/** Entries of the table, two bytes each. Why: it is made at load from what a configuration lists. */
const MAX_TABLE = 32_000_000;

/** Triggers that end in a state at or behind `firstOutput`. */
export function triggersOf({ outputs, firstOutput }: TriggerAutomaton, state: number): readonly number[] {
  return outputs[state - firstOutput]!;
}

/** Folds a trigger the way the automaton reads text: lower case, any digit is `0`. */
export function foldTrigger(text: string): string {
  return text.toLowerCase().replace(/\d/g, '0');
}

/**
 * Builds the automaton. With `inWord`, it finds triggers at the beginning of words only: not behind the code units for which that is true.
 * Why there: most occurrences of short words stand inside longer ones, and looking at each of them costs more than the reading.
 */
export function buildAutomaton(triggers: readonly Trigger[], inWord?: (unit: number) => boolean): TriggerAutomaton {
  const classOf = new Uint16Array(65_536);
  let classes = assignClasses(triggers, classOf);
  const letters = new Set<number>();
  if (inWord !== undefined) {
    for (let unit = 0; unit < classOf.length; unit++) {
      if (!inWord(unit)) continue;
      if (classOf[unit] === 0) classOf[unit] = classes;
      letters.add(classOf[unit]!);
    }
    classes++;
  }
  const tree = new TriggerTree();
  const begins = [0];
  // The state inside a word that no trigger begins with.
  if (letters.size > 0) begins[tree.add(0)] = 0;
  const roots = tree.size;
  const ends = new Map<number, number[]>();
  for (const [id, trigger] of triggers.entries()) {
    const text = foldTrigger(trigger.text);
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      state = tree.child(state, classOf[text.charCodeAt(at)]!, true);
      if (trigger.startsMatch) begins[state] = Math.max(begins[state] ?? 0, trigger.atBoundary ? 1 : 2);
    }
    const own = ends.get(state);
    if (own === undefined) ends.set(state, [id]);
    else own.push(id);
  }
  if (tree.size > 65_535 || tree.size * classes > MAX_TABLE) {
    throw new CordonError('config.invalid', 'The trigger words are too many for one automaton: split the list.');
  }
  const { order, fail, merged } = failures(tree, ends, letters, roots);
  const sorted = [...order.filter((state) => merged[state] === undefined), ...order.filter((state) => merged[state] !== undefined)];
  const number = new Uint16Array(order.length);
  for (const [index, state] of sorted.entries()) number[state] = index;
  return {
    classOf,
    classes,
    next: fillTable(order, tree, fail, number, classes, letters, roots),
    firstOutput: sorted.filter((state) => merged[state] === undefined).length,
    outputs: sorted.flatMap((state) => (merged[state] === undefined ? [] : [merged[state]])),
    depth: Uint16Array.from(sorted, (state) => tree.depth[state]!),
    fail: Uint16Array.from(sorted, (state) => number[fail[state]!]!),
    begins: Uint8Array.from(sorted, (state) => begins[state] ?? 0),
    lengths: Uint16Array.from(triggers, ({ text }) => text.length),
    digits: Uint8Array.from(triggers, ({ text }) => (/^\d+$/.test(text) ? 1 : 0)),
  };
}

function assignClasses(triggers: readonly Trigger[], classOf: Uint16Array): number {
  let classes = 1;
  for (const { text } of triggers) {
    for (const letter of foldTrigger(text)) {
      const code = letter.charCodeAt(0);
      if (classOf[code] !== 0) continue;
      classOf[code] = classes;
      const upper = letter.toUpperCase();
      // Why the way back: the capital of `ı` is the `I` of `i`.
      if (upper.length === 1 && upper.toLowerCase() === letter) classOf[upper.charCodeAt(0)] = classes;
      if (letter === '0') for (let digit = 48; digit <= 57; digit++) classOf[digit] = classes;
      classes++;
    }
  }
  return classes;
}

/** The triggers as a tree of letters, in lists of numbers: ten thousand maps would be seen at start. */
class TriggerTree {
  readonly symbol: number[] = [0];
  readonly depth: number[] = [0];
  /** 0 for none: no state leads back to the first. */
  readonly firstChild: number[] = [0];
  readonly nextSibling: number[] = [0];

  get size(): number {
    return this.symbol.length;
  }

  /** A new state without a way to it. */
  add(symbol: number, depth = 0, nextSibling = 0): number {
    this.depth.push(depth);
    this.firstChild.push(0);
    this.nextSibling.push(nextSibling);
    return this.symbol.push(symbol) - 1;
  }

  /** The state that a symbol leads to, 0 for none, unless it is to be made then. */
  child(state: number, symbol: number, make = false): number {
    for (let at = this.firstChild[state]!; at !== 0; at = this.nextSibling[at]!) if (this.symbol[at] === symbol) return at;
    return make ? (this.firstChild[state] = this.add(symbol, this.depth[state]! + 1, this.firstChild[state])) : 0;
  }
}

interface Failures {
  /** The states, near ones to the root first: they are asked most often, and so lie together in the table. */
  readonly order: readonly number[];
  /** For each state the longest other one that what it read ends with. */
  readonly fail: Uint16Array;
  /** The triggers that end in a state: its own, and those of the states it falls back to. */
  readonly merged: readonly (readonly number[] | undefined)[];
}

function failures(tree: TriggerTree, ends: ReadonlyMap<number, readonly number[]>, letters: ReadonlySet<number>, roots: number): Failures {
  const fail = new Uint16Array(tree.size);
  const merged: (readonly number[] | undefined)[] = [];
  const order = Array.from({ length: roots }, (_, root) => root);
  for (const state of order) {
    const own = ends.get(state);
    const inherited = state < roots ? undefined : merged[fail[state]!];
    merged[state] = own === undefined || inherited === undefined ? (own ?? inherited) : [...own, ...inherited];
    for (let child = tree.firstChild[state]!; child !== 0; child = tree.nextSibling[child]!) {
      const symbol = tree.symbol[child]!;
      let at = fail[state]!;
      while (at >= roots && tree.child(at, symbol) === 0) at = fail[at]!;
      fail[child] = (state < roots ? 0 : tree.child(at, symbol)) || top(symbol, letters);
      order.push(child);
    }
  }
  return { order, fail, merged };
}

/** The state that a code unit leads to where no trigger goes on. */
function top(symbol: number, letters: ReadonlySet<number>): number {
  return letters.has(symbol) ? 1 : 0;
}

function fillTable(
  order: readonly number[],
  tree: TriggerTree,
  fail: Uint16Array,
  number: Uint16Array,
  classes: number,
  letters: ReadonlySet<number>,
  roots: number,
): Uint16Array {
  const next = new Uint16Array(order.length * classes);
  for (const state of order) {
    const row = number[state]! * classes;
    const failed = number[fail[state]!]! * classes;
    if (state < roots) for (let symbol = 0; symbol < classes; symbol++) next[row + symbol] = top(symbol, letters);
    else next.copyWithin(row, failed, failed + classes);
    for (let child = tree.firstChild[state]!; child !== 0; child = tree.nextSibling[child]!)
      next[row + tree.symbol[child]!] = number[child]!;
  }
  return next;
}
