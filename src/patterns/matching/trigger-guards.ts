import { contains } from './char-set.ts';
import type { CompiledPattern } from './compile.ts';
import type { PatternDefinition } from './pattern.ts';
import { PLACES } from './place-table.ts';
import { foldTrigger, type Trigger } from './trigger-automaton.ts';
import { isWord } from './word-units.ts';

/** What must stand at and behind an occurrence of each trigger for a match to be possible there. Why: most are parts of ordinary words. */
export interface TriggerGuards {
  /** A letter that must be there exactly so, where the automaton reads both cases; 0 for none. */
  readonly letter: Uint16Array;
  /** Where in the trigger it stands. */
  readonly letterAt: Uint8Array;
  /** Kinds of code units that may follow, see {@link kindOf}. */
  readonly follows: Int32Array;
}

/** The triggers of some patterns and what belongs to each of them. */
export interface GuardedTriggers {
  readonly triggers: readonly Trigger[];
  readonly guards: TriggerGuards;
  readonly owners: readonly (readonly number[])[];
}

const DIGIT = 1 << 26;
const REST = 1 << 27;
const ANYTHING = -1;

/** One bit for each letter of ASCII in either case, one for all digits, one for everything else and for the end of the text. */
const KINDS = Int32Array.from({ length: 128 }, (_, code) => {
  const letter = (code | 0x20) - 0x61;
  return code >= 48 && code <= 57 ? DIGIT : letter >= 0 && letter < 26 ? 1 << letter : REST;
});

/** The kind of the code unit at a place, as one bit. */
export function kindOf(text: string, at: number): number {
  const code = at < text.length ? text.charCodeAt(at) : 128;
  return code < 128 ? KINDS[code]! : REST;
}

interface Entry {
  text: string;
  inWords: boolean;
  letterAt: number;
  letter: number;
  follows: number;
  owners: number[];
}

/** Joins the triggers of the patterns: equal ones with equal guards are one trigger with several owners. */
export function gatherTriggers(patterns: readonly CompiledPattern[]): GuardedTriggers {
  const entries = new Map<string, Entry>();
  for (const [owner, pattern] of patterns.entries()) {
    if (pattern.linear !== undefined) continue;
    const follows = followers(pattern);
    const inWords = !beginsWord(pattern);
    for (const written of new Set(pattern.definition.triggers)) {
      const text = foldTrigger(written);
      const letterAt = pattern.anchor === 'start' ? 0 : written.search(/[A-Za-z]/);
      const letter = exactLetter(pattern, written, letterAt);
      const key = `${text}\0${inWords}\0${letter}`;
      const known = entries.get(key);
      const entry = known ?? { text, inWords, letterAt, letter, follows: 0, owners: [] };
      entry.follows |= follows(text);
      if (entry.owners.at(-1) !== owner) entry.owners.push(owner);
      if (known === undefined) entries.set(key, entry);
    }
  }
  const all = [...entries.values()];
  return {
    triggers: all,
    guards: {
      letter: Uint16Array.from(all.map(({ letter }) => letter)),
      letterAt: Uint8Array.from(all.map(({ letterAt }) => Math.max(0, letterAt))),
      follows: Int32Array.from(all.map(({ follows }) => follows)),
    },
    owners: all.map(({ owners }) => owners),
  };
}

/** Whether none of the pattern's triggers counts inside a word. */
function beginsWord({ anchor, atBoundary, definition }: CompiledPattern): boolean {
  if (definition.triggerForm?.beginsWord === true) return true;
  if (anchor === 'start') return atBoundary;
  return anchor === 'context' && beginsContext(definition);
}

/** Whether every trigger is the beginning of a word of the context, which stands alone. */
function beginsContext({ triggers, context }: PatternDefinition): boolean {
  const words = context!.words.map((word) => foldTrigger(word));
  return context!.raw !== true && triggers.every((trigger) => words.some((word) => word.startsWith(foldTrigger(trigger))));
}

/** The one case of a letter of the trigger that a match has; 0 where both are possible or it is none. */
function exactLetter({ anchor, first, definition }: CompiledPattern, written: string, at: number): number {
  if (definition.triggerForm?.exact === true) return at < 0 ? 0 : written.charCodeAt(at);
  if (anchor !== 'start' || !/^[A-Za-z]/.test(written)) return 0;
  const cases = [written[0]!.toLowerCase(), written[0]!.toUpperCase()].map((letter) => letter.charCodeAt(0));
  const possible = cases.filter((code) => contains(first, code));
  return possible.length === 1 ? possible[0]! : 0;
}

/** Says what may follow a trigger of the pattern. */
function followers(pattern: CompiledPattern): (trigger: string) => number {
  const { anchor, definition } = pattern;
  if (definition.triggerForm?.endsWord === true) return () => REST;
  if (anchor === 'start') {
    const kinds = Array.from({ length: PLACES }, (_, place) => placeKinds(pattern, place));
    return (trigger) => kinds[trigger.length] ?? ANYTHING;
  }
  return anchor === 'context' ? contextFollowers(pattern) : () => ANYTHING;
}

/** What may stand at a place of a match. */
function placeKinds({ places, minLength }: CompiledPattern, place: number): number {
  if (place >= minLength) return ANYTHING;
  return places.reduce((kinds, bits, code) => ((bits & (1 << place)) === 0 ? kinds : kinds | (KINDS[code] ?? REST)), 0);
}

/**
 * What follows a trigger that begins a word of the context: how the word goes on. Only where each of the words has its trigger: else a word
 * that has none could be found near a trigger of another one.
 */
function contextFollowers({ atBoundary, definition }: CompiledPattern): (trigger: string) => number {
  const { words, raw } = definition.context!;
  const folded = words.map((word) => foldTrigger(word));
  const single = definition.triggers.filter((trigger) => !trigger.includes(' ')).map((trigger) => foldTrigger(trigger));
  if (raw === true || !folded.every((word) => single.some((trigger) => word.startsWith(trigger)))) return () => ANYTHING;
  const after = (word: string, length: number): number => {
    // No letter goes on a word of the context, but a match may begin right behind it.
    if (length === word.length) return atBoundary && isWord(word, length - 1) ? DIGIT | REST : ANYTHING;
    // A space in a word of the context stands for a few separators or none.
    return word[length] === ' ' ? REST | after(word, length + 1) : kindOf(word, length);
  };
  return (trigger) => folded.filter((word) => word.startsWith(trigger)).reduce((kinds, word) => kinds | after(word, trigger.length), 0);
}
