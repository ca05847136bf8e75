import { contains } from './char-set.ts';
import type { CompiledPattern, PatternSet } from './compile.ts';
import type { Hit } from './pattern.ts';
import { triggersOf } from './trigger-automaton.ts';

/** Trigger occurrences in reading order: `[trigger, end, trigger, end, …]`, offsets into the text. */
export type TriggerLog = number[];

/** Code units searched at a time. Why: bounds what is remembered of a text that is nothing but triggers. */
const BLOCK = 65_536;

/** Reads `text[from, to)` through the automaton, appends what it finds to the log, returns the state to go on from. */
export function logTriggers(
  set: Pick<PatternSet, 'automaton'>,
  text: string,
  from: number,
  to: number,
  state: number,
  log: TriggerLog,
): number {
  const { classOf, classes, next, firstOutput, lengths, digits } = set.automaton;
  let current = state;
  for (let at = from; at < to; at++) {
    current = next[current * classes + classOf[text.charCodeAt(at)]!]!;
    if (current < firstOutput) continue;
    for (const trigger of triggersOf(set.automaton, current)) {
      // Why: of a long run of digits only the beginning can be of interest, whatever needs more digits says so with its boundaries.
      if (digits[trigger] === 0 || !isDigit(text, at - lengths[trigger]!)) log.push(trigger, at + 1);
    }
  }
  return current;
}

/** Whether an ASCII letter or digit stands there. */
export function isWord(text: string, at: number): boolean {
  const code = at < 0 ? 0 : text.charCodeAt(at);
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

function isDigit(text: string, at: number): boolean {
  const code = at < 0 ? 0 : text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/**
 * All matches that start in `[low, high)`, given the triggers near them. A match is decided by its own text and the context before it:
 * nothing that was found elsewhere in the text plays a part. Overlaps are not resolved.
 */
export function findStarting(set: PatternSet, text: string, low: number, high: number, log: TriggerLog): Hit[] {
  if (log.length === 0 && set.linear.length === 0) return [];
  const hits: Hit[] = [];
  let windows: Map<number, number[]> | undefined;
  for (let at = 0; at < log.length; at += 2) {
    const trigger = log[at]!;
    const end = log[at + 1]!;
    const length = set.automaton.lengths[trigger]!;
    const owners = set.owners[trigger]!;
    for (let index = 0; index < owners.length; index++) {
      const owner = owners[index]!;
      const pattern = set.patterns[owner]!;
      // Why here: the cheapest of all questions, and most short triggers stand inside words.
      if (pattern.triggersBeginWords && isWord(text, end - length - 1)) continue;
      if (pattern.anchor === 'start') {
        if (end - length >= low && end - length < high) searchPlace(set, owner, text, end - length, hits);
        continue;
      }
      const [first, last] = startWindow(pattern, end - length, end);
      if (last < low || first >= high) continue;
      addWindow((windows ??= new Map()), owner, Math.max(first, low), Math.min(last, high - 1));
    }
  }
  for (const owner of set.linear) searchLinear(set.patterns[owner]!, owner, text, low, high, hits);
  if (windows !== undefined) for (const [owner, ranges] of windows) searchWindows(set, owner, ranges, text, hits);
  return hits.length < 2 ? hits : withoutTwins(hits.sort((a, b) => a.start - b.start || b.end - a.end || a.pattern - b.pattern));
}

/** A match that begins with two triggers was found twice. */
function withoutTwins(hits: readonly Hit[]): Hit[] {
  return hits.filter(({ pattern, start, end }, at) => {
    const before = hits[at - 1];
    return before === undefined || before.pattern !== pattern || before.start !== start || before.end !== end;
  });
}

/** Where a match that has this trigger may start. */
export function startWindow(pattern: CompiledPattern, start: number, end: number): readonly [number, number] {
  if (pattern.anchor === 'start') return [start, start];
  if (pattern.anchor === 'inside') return [end - pattern.maxLength, start];
  return [end, start + pattern.contextReach + 1];
}

/** Keeps the ranges of a pattern sorted and disjoint; they arrive nearly in order. */
function addWindow(windows: Map<number, number[]>, owner: number, first: number, last: number): void {
  const ranges = windows.get(owner);
  if (ranges === undefined) {
    windows.set(owner, [first, last]);
    return;
  }
  let at = ranges.length;
  while (at > 0 && ranges[at - 2]! > first) at -= 2;
  if (at > 0 && ranges[at - 1]! + 1 >= first) {
    at -= 2;
    ranges[at + 1] = Math.max(ranges[at + 1]!, last);
  } else ranges.splice(at, 0, first, last);
  while (at + 2 < ranges.length && ranges[at + 2]! <= ranges[at + 1]! + 1) {
    ranges[at + 1] = Math.max(ranges[at + 1]!, ranges[at + 3]!);
    ranges.splice(at + 2, 2);
  }
}

/**
 * Why place by place: a search would go on behind the window, as far as the longest match reaches, and would ask the whole expression where
 * the first character says no. Each place is decided by itself, because a match may start inside a rejected or an overlapping one.
 */
function searchWindows(set: PatternSet, owner: number, ranges: readonly number[], text: string, hits: Hit[]): void {
  const pattern = set.patterns[owner]!;
  const { firstAscii } = pattern;
  for (let at = 0; at < ranges.length; at += 2) {
    const last = Math.min(ranges[at + 1]!, text.length - 1);
    for (let start = Math.max(0, ranges[at]!); start <= last; start++) {
      const code = text.charCodeAt(start);
      if (code < 128 && firstAscii[code] === 0) continue;
      if (canBegin(pattern, text, start)) searchPlace(set, owner, text, start, hits);
    }
  }
}

/** Whether a match of the pattern can begin here, by its first character and the one before. */
export function canBegin(pattern: CompiledPattern, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128 ? pattern.firstAscii[code] === 0 : !contains(pattern.first, code)) return false;
  return !pattern.atBoundary || !isWord(text, at - 1);
}

function searchPlace(set: PatternSet, owner: number, text: string, start: number, hits: Hit[]): void {
  const { regexHere } = set.patterns[owner]!;
  regexHere.lastIndex = start;
  if (regexHere.test(text)) accept(set, owner, text, start, text.slice(start, regexHere.lastIndex), hits);
}

function accept(set: PatternSet, owner: number, text: string, start: number, match: string, hits: Hit[]): void {
  const { context, anchor } = set.patterns[owner]!;
  const { validate } = set.patterns[owner]!.definition;
  if ((context !== undefined && !context(text, start)) || (validate !== undefined && !validate(match))) return;
  if (anchor === 'inside' && !holdsTrigger(set, owner, match)) return;
  hits.push({ pattern: owner, start, end: start + match.length });
}

/** Why: a trigger that stands near a match by chance must not reveal it, because a stream decides the match before it reads that trigger. */
function holdsTrigger(set: PatternSet, owner: number, match: string): boolean {
  const log: TriggerLog = [];
  logTriggers(set, match, 0, match.length, 0, log);
  for (let at = 0; at < log.length; at += 2) if (set.owners[log[at]!]!.includes(owner)) return true;
  return false;
}

function searchLinear(pattern: CompiledPattern, owner: number, text: string, low: number, high: number, hits: Hit[]): void {
  const { context } = pattern;
  const { validate } = pattern.definition;
  pattern.linear!.find(text, low, high, (start, end) => {
    if ((context === undefined || context(text, start)) && (validate === undefined || validate(text.slice(start, end))))
      hits.push({ pattern: owner, start, end });
  });
}

/** All matches in a text, sorted by start; overlaps are not resolved. Linear in the length of the text. */
export function findAll(set: PatternSet, text: string): Hit[] {
  const reach = set.maxLength + 1;
  const log: TriggerLog = [];
  let state = 0;
  let read = 0;
  const all: Hit[] = [];
  for (let low = 0; low < text.length; low += BLOCK) {
    const high = Math.min(text.length, low + BLOCK);
    const to = Math.min(text.length, high + reach);
    state = logTriggers(set, text, read, to, state, log);
    read = to;
    for (const hit of findStarting(set, text, low, high, log)) all.push(hit);
    forget(set, log, high);
  }
  return all;
}

/** Code units before a place that may still matter to it. Why: the longest way from a context word to its match is `MAX_CONTEXT`. */
export const CONTEXT_REACH = 160;

/** Drops, in place, the triggers that no match starting at or after `offset` can need; moves the others by `shift`. */
export function forget(set: PatternSet, log: TriggerLog, offset: number, shift = 0): void {
  let kept = 0;
  for (let at = 0; at < log.length; at += 2) {
    if (log[at + 1]! + set.lastStart[log[at]!]! < offset) continue;
    log[kept++] = log[at]!;
    log[kept++] = log[at + 1]! - shift;
  }
  log.length = kept;
}
