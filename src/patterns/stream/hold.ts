import type { CompiledPattern, PatternSet } from '../matching/compile.ts';
import { isWord, startWindow, type TriggerLog } from '../matching/find.ts';
import { MAX_CLUSTER } from '../matching/resolve.ts';
import { groupByAlphabet, runStarts, type TailRuns } from './tail-runs.ts';

/** What is needed to say how much of a stream must be held back. */
export interface HoldPlan {
  readonly set: PatternSet;
  /** Patterns that have their trigger inside, which may be under way before it is read. */
  readonly runs: TailRuns;
}

/** Prepares a pattern set for streams. */
export function planHold(set: PatternSet): HoldPlan {
  const inside = [...set.patterns.keys()].filter(
    (index) => set.patterns[index]!.anchor === 'inside' && set.patterns[index]!.linear === undefined,
  );
  return { set, runs: groupByAlphabet(set.patterns, inside) };
}

/**
 * The earliest place at or after `from` where a match may begin that the end of the text leaves undecided; the length of the text if
 * there is none. Everything before it is decided, whatever follows.
 */
export function holdFrom(plan: HoldPlan, text: string, from: number, log: TriggerLog, state: number): number {
  let hold = Math.min(text.length, beginningTrigger(plan.set, text, from, state));
  hold = loggedTriggers(plan.set, text, from, log, hold);
  for (const index of plan.set.linear) {
    const live = plan.set.patterns[index]!.linear!.firstLive(text, from, hold);
    if (live >= 0) hold = live;
  }
  const starts = runStarts(plan.runs, text, from);
  for (const [group, { members, maxLength }] of plan.runs.groups.entries()) {
    const run = Math.max(starts[group]!, text.length - maxLength);
    if (run >= hold) continue;
    for (const index of members)
      hold = Math.min(
        hold,
        firstLive(plan.set.patterns[index]!, text, Math.max(run, text.length - plan.set.patterns[index]!.maxLength), hold - 1),
      );
  }
  return hold;
}

/** Where the automaton is in the middle of a trigger that a match begins with. */
function beginningTrigger(set: PatternSet, text: string, from: number, state: number): number {
  const { begins, depth, fail } = set.automaton;
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
  const base = Math.max(0, low - 1);
  const tail = text.slice(base);
  const { context } = pattern;
  const regex = low === high ? pattern.prefixHere : pattern.prefix;
  regex.lastIndex = low - base;
  for (let match = regex.exec(tail); match !== null; match = regex.exec(tail)) {
    const start = base + match.index;
    if (start > high) break;
    if (start < text.length && (context === undefined || context(text, start))) return start;
    if (regex.sticky) break;
    regex.lastIndex = match.index + 1;
  }
  return text.length;
}

/** The most that a filter can hold back, in UTF-16 code units. */
export function maximumHold(plan: HoldPlan): number {
  return plan.set.maxLength * 2 + MAX_CLUSTER;
}
