import { CordonError } from '../../core/errors.ts';
import { linkFailures, TriggerTree } from './trigger-tree.ts';
import { isWordUnit } from './word-units.ts';

/** A literal to be found. */
export interface Trigger {
  /** Folded, see {@link foldTrigger}. */
  readonly text: string;
  /** Found inside words too. Others not: most occurrences of short words stand inside longer ones, and each would have to be looked at. */
  readonly inWords: boolean;
}

/**
 * An Aho-Corasick automaton over folded code units: one table look-up per code unit whatever the number of triggers. State 0 has read
 * nothing at the beginning of a word, state 1 inside of one; those near them come first and have a row in the table, those far from them
 * only the few ways that lead on.
 */
export interface TriggerAutomaton {
  /** Class of each of the 65,536 code units; 0 for those in no trigger. */
  readonly classOf: Uint16Array;
  readonly classes: number;
  /**
   * `next[state * classes + class]` is the next state. Why not where its row begins, which saves the multiplication: that needs twice the
   * memory, and the table is the largest thing that a process with a guard holds.
   */
  readonly next: Uint16Array;
  /** States from here on have no row; {@link stepFrom} goes on from them. */
  readonly rows: number;
  /** From here on states are those in which a trigger may end: a comparison tells them from the others, no table is asked. */
  readonly firstOutput: number;
  /** Triggers that end in these states, the first of them first; see {@link triggersOf}. */
  readonly outputs: readonly (readonly number[])[];
  readonly far: FarStates;
  readonly lengths: Uint16Array;
  /** 1 for triggers that are nothing but digits. */
  readonly digits: Uint8Array;
  /** Code units that each state has read. */
  readonly depth: Uint16Array;
  /** For each state the longest other one that what it read ends with. */
  readonly fail: Uint16Array;
}

/** Ways on from states without a row: those of the n-th are `starts[n]` to `starts[n + 1]`. */
interface FarStates {
  readonly starts: Int32Array;
  readonly symbols: Uint16Array;
  readonly states: Uint16Array;
}

/** Entries of the table, two bytes each. Why: it is made at load from what a configuration lists. */
const MAX_TABLE = 32_000_000;
/**
 * Code units that states with a row have read. Why four: with rows for all, names alone need a table of 5 MB in place of 2, and ordinary
 * text goes further with one code unit in forty.
 */
const ROWS_TO = 4;
const ROOTS = 2;

/** Triggers that end in a state at or behind `firstOutput`. */
export function triggersOf({ outputs, firstOutput }: TriggerAutomaton, state: number): readonly number[] {
  return outputs[state - firstOutput]!;
}

/** The state after a code unit of the class `symbol`, also from one that has no row. */
export function stepFrom({ next, classes, rows, far, fail }: TriggerAutomaton, state: number, symbol: number): number {
  const { starts, symbols, states } = far;
  let at = state;
  // Why this ends soon: each step back to a shorter state was a step forward before.
  while (at >= rows) {
    const end = starts[at - rows + 1]!;
    for (let way = starts[at - rows]!; way < end; way++) if (symbols[way] === symbol) return states[way]!;
    at = fail[at]!;
  }
  return next[at * classes + symbol]!;
}

/** Folds a trigger the way the automaton reads text: lower case, any digit is `0`. */
export function foldTrigger(text: string): string {
  return text.toLowerCase().replace(/\d/g, '0');
}

/** Builds the automaton of some triggers; each is known by its place in the list. */
export function buildAutomaton(triggers: readonly Trigger[]): TriggerAutomaton {
  const { classOf, classes } = assignClasses(triggers);
  const tree = new TriggerTree(ROOTS);
  const ends = new Map<number, number[]>();
  for (const [id, { text, inWords }] of triggers.entries()) {
    for (let root = 0; root < (inWords ? ROOTS : 1); root++) {
      let state = root;
      for (let at = 0; at < text.length; at++) state = tree.child(state, classOf[text.charCodeAt(at)]!, true);
      const own = ends.get(state);
      if (own === undefined) ends.set(state, [id]);
      else own.push(id);
    }
  }
  const rows = tree.depth.filter((depth) => depth <= ROWS_TO).length;
  if (tree.size > 65_535 || rows * classes > MAX_TABLE) {
    throw new CordonError('config.invalid', 'The trigger words are too many for one automaton: split the list.');
  }
  const letters = new Set(Array.from(WORD_UNITS, (unit) => classOf[unit]!));
  const { order, fail, merged } = linkFailures(tree, ends, (symbol) => (letters.has(symbol) ? 1 : 0));
  const near = order.slice(0, rows);
  const quiet = near.filter((state) => merged[state] === undefined);
  const sorted = [...quiet, ...near.filter((state) => merged[state] !== undefined), ...order.slice(rows)];
  const number = new Uint16Array(order.length);
  const depths = new Uint16Array(order.length);
  for (const [index, state] of sorted.entries()) {
    number[state] = index;
    depths[index] = tree.depth[state]!;
  }
  const fails = new Uint16Array(order.length);
  for (const [index, state] of sorted.entries()) fails[index] = number[fail[state]!]!;
  const next = new Uint16Array(rows * classes);
  for (const state of near) {
    const row = number[state]! * classes;
    const failed = number[fail[state]!]! * classes;
    if (state >= ROOTS) next.copyWithin(row, failed, failed + classes);
    else for (const symbol of letters) next[row + symbol] = 1;
    for (const [symbol, child] of tree.children(state)) next[row + symbol] = number[child]!;
  }
  return {
    classOf,
    classes,
    next,
    rows,
    firstOutput: quiet.length,
    outputs: sorted.slice(quiet.length).map((state) => merged[state] ?? NONE),
    far: listWays(order.slice(rows), tree, number),
    depth: depths,
    fail: fails,
    lengths: Uint16Array.from(triggers.map(({ text }) => text.length)),
    digits: Uint8Array.from(triggers.map(({ text }) => (/^0+$/.test(text) ? 1 : 0))),
  };
}

const NONE: readonly number[] = [];
const WORD_UNITS: readonly number[] = Array.from({ length: 128 }, (_, unit) => unit).filter(isWordUnit);

/** Gives a class to each code unit of a trigger, capitals that of their letter, and the first one to letters that are in none. */
function assignClasses(triggers: readonly Trigger[]): { readonly classOf: Uint16Array; readonly classes: number } {
  const classOf = new Uint16Array(65_536);
  let classes = 2;
  for (const { text } of triggers) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (classOf[code] !== 0) continue;
      const letter = text[at]!;
      classOf[code] = classes;
      const upper = letter.toUpperCase();
      // Why the way back: the capital of `ı` is the `I` of `i`.
      if (upper.length === 1 && upper.toLowerCase() === letter) classOf[upper.charCodeAt(0)] = classes;
      if (letter === '0') for (let digit = 48; digit <= 57; digit++) classOf[digit] = classes;
      classes++;
    }
  }
  for (const unit of WORD_UNITS) classOf[unit] ||= 1;
  return { classOf, classes };
}

/** The ways on from some states. */
function listWays(from: readonly number[], tree: TriggerTree, number: Uint16Array): FarStates {
  const starts = [0];
  const symbols: number[] = [];
  const states: number[] = [];
  for (const state of from) {
    for (const [symbol, child] of tree.children(state)) {
      symbols.push(symbol);
      states.push(number[child]!);
    }
    starts.push(states.length);
  }
  return { starts: Int32Array.from(starts), symbols: Uint16Array.from(symbols), states: Uint16Array.from(states) };
}
