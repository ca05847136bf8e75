import type { CompiledPattern, PatternSet } from '../matching/compile.ts';
import { canBegin, startWindow, type TriggerLog } from '../matching/find.ts';
import { MAX_CLUSTER } from '../matching/resolve.ts';
import { stepFrom } from '../matching/trigger-automaton.ts';
import { isWord } from '../matching/word-units.ts';
import { TailStarts } from './tail-starts.ts';

/** What is needed to say how much of a stream must be held back. */
export interface HoldPlan {
  readonly set: PatternSet;
  /** Patterns that have their trigger inside, which may be under way before it is read. */
  readonly tail: TailStarts;
  /** For each state of the automaton: 0 no match can begin with what it has read, 1 at the beginning of a word, 2 anywhere. */
  readonly begins: Uint8Array;
}

/** Prepares a pattern set for streams. */
export function planHold(set: PatternSet): HoldPlan {
  const inside = set.members.filter((index) => set.patterns[index]!.anchor === 'inside' && set.patterns[index]!.linear === undefined);
  return { set, tail: new TailStarts(set.patterns, inside), begins: beginnings(set) };
}

function beginnings({ automaton, triggers, owners, patterns }: PatternSet): Uint8Array {
  const begins = new Uint8Array(automaton.fail.length);
  for (const [trigger, { text, inWords }] of triggers.entries()) {
    const starting = owners[trigger]!.filter((owner) => patterns[owner]!.anchor === 'start');
    if (starting.length === 0) continue;
    const kind = starting.every((owner) => patterns[owner]!.atBoundary) ? 1 : 2;
    for (let root = 0; root < (inWords ? 2 : 1); root++) {
      let state = root;
      for (let at = 0; at < text.length; at++) {
        state = stepFrom(automaton, state, automaton.classOf[text.charCodeAt(at)]!);
        begins[state] = Math.max(begins[state]!, kind);
      }
    }
  }
  return begins;
}

/**
 * The earliest place at or after `from` where a match may begin that the end of the text leaves undecided; the length of the text if
 * there is none. Everything before it is decided, whatever follows.
 */
export function holdFrom(plan: HoldPlan, text: string, from: number, log: TriggerLog, state: number): number {
  let hold = Math.min(text.length, beginningTrigger(plan, text, from, state));
  hold = loggedTriggers(plan.set, text, from, log, hold);
  for (const index of plan.set.linear) {
    const live = plan.set.patterns[index]!.linear!.firstLive(text, from, hold);
    if (live >= 0) hold = live;
  }
  return tailMatches(plan, text, from, hold);
}

/** Patterns that have their trigger inside and may be under way before it is read. */
function tailMatches({ set, tail }: HoldPlan, text: string, from: number, limit: number): number {
  let hold = limit;
  if (from >= limit) return hold;
  tail.walk(text, from);
  for (let word = 0; word < tail.found.length; word++) {
    for (let bits = tail.found[word]!; bits !== 0; bits &= bits - 1) {
      const bit = (word << 5) + 31 - Math.clz32(bits & -bits);
      const pattern = set.patterns[tail.members[bit]!]!;
      const low = Math.max(tail.starts[bit]!, text.length - pattern.maxLength);
      // Why place by place: a search would go through all that cannot begin a match, too, and beyond the end of the window.
      for (let at = low; at < hold; at++) if (canBegin(pattern, text, at) && isLive(pattern, text, at)) hold = at;
    }
  }
  return hold;
}

/** Where the automaton is in the middle of a trigger that a match begins with. */
function beginningTrigger({ set, begins }: HoldPlan, text: string, from: number, state: number): number {
  const { depth, fail } = set.automaton;
  for (let at = state; at !== 0; at = fail[at]!) {
    const start = text.length - depth[at]!;
    if (start >= from && (begins[at] === 2 || (begins[at] === 1 && !isWord(text, start - 1)))) return start;
  }
  return text.length;
}

function loggedTriggers(set: PatternSet, text: string, from: number, log: TriggerLog, limit: number): number {
  let hold = limit;
  for (let at = 0; at < log.length; at += 2) {
    const end = log[at + 1]!;
    const length = set.automaton.lengths[log[at]!]!;
    for (const owner of set.owners[log[at]!]!) {
      const pattern = set.patterns[owner]!;
      if (pattern.anchor === 'inside') continue;
      const [first, last] = startWindow(pattern, end - length, end);
      const low = Math.max(first, from, text.length - pattern.maxLength);
      if (low <= Math.min(last, hold - 1)) hold = Math.min(hold, firstLive(pattern, text, low, Math.min(last, hold - 1)));
    }
  }
  return hold;
}

/** The first place in `[low, high]` where a match of the pattern is under way at the end of the text; the length of the text if none. */
function firstLive(pattern: CompiledPattern, text: string, low: number, high: number): number {
  if (low === high) return isLive(pattern, text, low) ? low : text.length;
  const { context, prefix } = pattern;
  prefix.lastIndex = low;
  for (let match = prefix.exec(text); match !== null; match = prefix.exec(text)) {
    const start = match.index;
    if (start > high) break;
    if (start < text.length && (context === undefined || context(text, start))) return start;
    prefix.lastIndex = start + 1;
  }
  return text.length;
}

/** Whether a match of the pattern that begins here is under way at the end of the text. */
function isLive({ prefixHere, context }: CompiledPattern, text: string, at: number): boolean {
  prefixHere.lastIndex = at;
  return prefixHere.test(text) && at < text.length && (context === undefined || context(text, at));
}

/** The most that a filter can hold back, in UTF-16 code units. */
export function maximumHold(plan: HoldPlan): number {
  return plan.set.maxLength * 2 + MAX_CLUSTER;
}
