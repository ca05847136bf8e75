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
  /** `next[state * classes + class]`. */
  readonly next: Uint16Array;
  /** Triggers that end in a state, undefined for most. */
  readonly outputs: readonly (readonly number[] | undefined)[];
  readonly lengths: Uint16Array;
  /** 1 for triggers that are nothing but digits. */
  readonly digits: Uint8Array;
  readonly depth: Uint16Array;
  readonly fail: Uint16Array;
  /** 0 no match can begin with what the state has read, 1 at the beginning of a word, 2 anywhere. */
  readonly begins: Uint8Array;
}

/** Entries of the table, two bytes each. Why: it is made at load from what a configuration lists. */
const MAX_TABLE = 64_000_000;

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
  return {
    classOf,
    classes,
    ...connect(children, ends, classes, letters),
    depth: Uint16Array.from(depth),
    begins: Uint8Array.from(begins),
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

function connect(
  children: readonly Map<number, number>[],
  ends: readonly number[][],
  classes: number,
  letters: ReadonlySet<number>,
): Pick<TriggerAutomaton, 'next' | 'outputs' | 'fail'> {
  const next = new Uint16Array(children.length * classes);
  const fail = new Uint16Array(children.length);
  const outputs: (number[] | undefined)[] = [];
  const queue = letters.size > 0 ? [0, 1] : [0];
  const roots = queue.length;
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    const isRoot = state < roots;
    const merged = [...ends[state]!, ...(isRoot ? [] : (outputs[fail[state]!] ?? []))];
    outputs[state] = merged.length === 0 ? undefined : merged;
    for (let symbol = 0; symbol < classes; symbol++) {
      const inherited = isRoot ? (letters.has(symbol) ? 1 : 0) : next[fail[state]! * classes + symbol]!;
      const child = children[state]!.get(symbol);
      next[state * classes + symbol] = child ?? inherited;
      if (child !== undefined) {
        fail[child] = inherited;
        queue.push(child);
      }
    }
  }
  return { next, fail, outputs };
}
