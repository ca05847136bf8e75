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
  /** `next[row + class]` is the row of the next state. A row is the number of a state times `classes`: multiplying is done at load. */
  readonly next: Int32Array;
  /** Rows from here on are those of states in which a trigger ends: a comparison tells them from the others, no table is asked. */
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

/** Entries of the table, four bytes each. Why: it is made at load from what a configuration lists. */
const MAX_TABLE = 32_000_000;

/** Triggers that end in the state of a row at or behind `firstOutput`. */
export function triggersOf({ outputs, firstOutput, classes }: TriggerAutomaton, row: number): readonly number[] {
  return outputs[(row - firstOutput) / classes]!;
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
  const children: Map<number, number>[] = [new Map()];
  const ends: number[][] = [[]];
  const depth = [0];
  const begins = [0];
  // The state inside a word that no trigger begins with.
  if (letters.size > 0) {
    children.push(new Map());
    ends.push([]);
    depth.push(0);
    begins.push(0);
  }
  const roots = children.length;
  for (const [id, trigger] of triggers.entries()) {
    let state = 0;
    for (const letter of foldTrigger(trigger.text)) {
      const symbol = classOf[letter.charCodeAt(0)]!;
      let child = children[state]!.get(symbol);
      if (child === undefined) {
        child = children.length;
        children.push(new Map());
        ends.push([]);
        depth.push(depth[state]! + 1);
        begins.push(0);
        children[state]!.set(symbol, child);
      }
      state = child;
      if (trigger.startsMatch) begins[state] = Math.max(begins[state]!, trigger.atBoundary ? 1 : 2);
    }
    ends[state]!.push(id);
  }
  if (children.length > 65_535 || children.length * classes > MAX_TABLE) {
    throw new CordonError('config.invalid', 'The trigger words are too many for one automaton: split the list.');
  }
  const { order, fail, merged } = failures(children, ends, letters, roots);
  const sorted = [...order.filter((state) => merged[state] === undefined), ...order.filter((state) => merged[state] !== undefined)];
  const number = new Uint16Array(order.length);
  for (const [index, state] of sorted.entries()) number[state] = index;
  return {
    classOf,
    classes,
    next: fillTable(order, children, fail, number, classes, letters, roots),
    firstOutput: sorted.filter((state) => merged[state] === undefined).length * classes,
    outputs: sorted.flatMap((state) => (merged[state] === undefined ? [] : [merged[state]])),
    depth: Uint16Array.from(sorted, (state) => depth[state]!),
    fail: Uint16Array.from(sorted, (state) => number[fail[state]!]!),
    begins: Uint8Array.from(sorted, (state) => begins[state]!),
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

interface Failures {
  /** The states, near ones to the root first: they are asked most often, and so lie together in the table. */
  readonly order: readonly number[];
  /** For each state the longest other one that what it read ends with. */
  readonly fail: Uint16Array;
  /** The triggers that end in a state: its own, and those of the states it falls back to. */
  readonly merged: readonly (readonly number[] | undefined)[];
}

function failures(
  children: readonly Map<number, number>[],
  ends: readonly (readonly number[])[],
  letters: ReadonlySet<number>,
  roots: number,
): Failures {
  const fail = new Uint16Array(children.length);
  const merged: (readonly number[] | undefined)[] = [];
  const order = Array.from({ length: roots }, (_, root) => root);
  for (const state of order) {
    const inherited = state < roots ? undefined : merged[fail[state]!];
    merged[state] = inherited === undefined ? (ends[state]!.length === 0 ? undefined : ends[state]) : [...ends[state]!, ...inherited];
    for (const [symbol, child] of children[state]!) {
      let at = fail[state]!;
      while (at >= roots && !children[at]!.has(symbol)) at = fail[at]!;
      fail[child] = state < roots ? top(symbol, letters) : (children[at]!.get(symbol) ?? top(symbol, letters));
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
  children: readonly Map<number, number>[],
  fail: Uint16Array,
  number: Uint16Array,
  classes: number,
  letters: ReadonlySet<number>,
  roots: number,
): Int32Array {
  const next = new Int32Array(order.length * classes);
  for (const state of order) {
    const row = number[state]! * classes;
    const failed = number[fail[state]!]! * classes;
    if (state < roots) for (let symbol = 0; symbol < classes; symbol++) next[row + symbol] = top(symbol, letters) * classes;
    else next.copyWithin(row, failed, failed + classes);
    for (const [symbol, child] of children[state]!) next[row + symbol] = number[child]! * classes;
  }
  return next;
}
