import { contains } from './char-set.ts';
import type { CompiledPattern, PatternSet } from './compile.ts';
import type { Hit } from './pattern.ts';
import { ANY_PLACE, NOT_ASCII, PLACES } from './place-table.ts';
import { stepFrom, triggersOf } from './trigger-automaton.ts';
import { kindOf } from './trigger-guards.ts';
import { isDigit, isWord } from './word-units.ts';

/** Trigger occurrences in reading order: `[trigger, end, trigger, end, …]`, offsets into the text. */
export type TriggerLog = number[];

/** Code units searched at a time. Why: bounds what is remembered of a text that is nothing but triggers. */
const BLOCK = 65_536;

/** Reads `text[from, to)` through the automaton, appends what it finds to the log, returns the state to go on from. */
export function logTriggers(set: PatternSet, text: string, from: number, to: number, state: number, log: TriggerLog): number {
  const { automaton } = set;
  const { classOf, classes, next, rows, firstOutput } = automaton;
  let current = state;
  for (let at = from; at < to; at++) {
    const symbol = classOf[text.charCodeAt(at)]!;
    current = current < rows ? next[current * classes + symbol]! : stepFrom(automaton, current, symbol);
    if (current < firstOutput) continue;
    const found = triggersOf(automaton, current);
    for (let index = 0; index < found.length; index++) if (counts(set, text, found[index]!, at + 1)) log.push(found[index]!, at + 1);
  }
  return current;
}

/** Whether a match can be announced by a trigger that ends here. What follows the end of the text is not known yet and may be anything. */
function counts({ automaton, guards }: PatternSet, text: string, trigger: number, end: number): boolean {
  if (end < text.length && (guards.follows[trigger]! & kindOf(text, end)) === 0) return false;
  const start = end - automaton.lengths[trigger]!;
  const letter = guards.letter[trigger]!;
  if (letter !== 0 && text.charCodeAt(start + guards.letterAt[trigger]!) !== letter) return false;
  // Why: of a long run of digits only the beginning can be of interest, whatever needs more digits says so with its boundaries.
  return automaton.digits[trigger] === 0 || !isDigit(text, start - 1);
}

/**
 * All matches that start in `[low, high)`, given the triggers near them. A match is decided by its own text and the context before it:
 * nothing that was found elsewhere in the text plays a part. Overlaps are not resolved.
 */
export function findStarting(set: PatternSet, text: string, low: number, high: number, log: TriggerLog): Hit[] {
  if (log.length === 0 && set.linear.length === 0) return [];
  const hits: Hit[] = [];
  // The last place at which each pattern was tried. Why: each place is tried once, whatever the number of triggers near it.
  const tried = set.tried.fill(-1);
  for (let at = 0; at < log.length; at += 2) {
    const end = log[at + 1]!;
    const start = end - set.automaton.lengths[log[at]!]!;
    const owners = set.owners[log[at]!]!;
    for (let index = 0; index < owners.length; index++) {
      const owner = owners[index]!;
      const pattern = set.patterns[owner]!;
      if (pattern.anchor === 'start') {
        if (start >= low && start < high && canStand(pattern, text, start)) searchPlace(set, owner, text, start, hits);
      } else if (pattern.anchor === 'inside') {
        const last = Math.min(start, high - 1);
        searchBack(set, owner, text, Math.max(end - pattern.maxLength, low, tried[owner]! + 1), last, hits);
        if (last > tried[owner]!) tried[owner] = last;
      } else {
        const last = Math.min(start + pattern.contextReach + 1, high - 1);
        searchAhead(set, owner, text, Math.max(end, low, tried[owner]! + 1), last, hits);
        if (last > tried[owner]!) tried[owner] = last;
      }
    }
  }
  for (const owner of set.linear) searchLinear(set.patterns[owner]!, owner, text, low, high, hits);
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

/**
 * Tries the places from a trigger back to `first`, as far as everything between can be part of a match. Why place by place, here and
 * ahead: a search would go on behind the last place, as far as the longest match reaches, and would ask the whole expression where the
 * first characters say no. Each place is decided by itself, because a match may start inside a rejected or an overlapping one.
 */
function searchBack(set: PatternSet, owner: number, text: string, first: number, last: number, hits: Hit[]): void {
  const pattern = set.patterns[owner]!;
  const { places } = pattern;
  for (let start = last; start >= first; start--) {
    const bits = places[Math.min(text.charCodeAt(start), NOT_ASCII)]!;
    if ((bits & ANY_PLACE) === 0) return;
    if ((bits & 1) === 1 && canStand(pattern, text, start)) searchPlace(set, owner, text, start, hits);
  }
}

function searchAhead(set: PatternSet, owner: number, text: string, first: number, last: number, hits: Hit[]): void {
  const pattern = set.patterns[owner]!;
  const { places } = pattern;
  for (let start = first; start <= last; start++) {
    if ((places[Math.min(text.charCodeAt(start), NOT_ASCII)]! & 1) === 1 && canStand(pattern, text, start))
      searchPlace(set, owner, text, start, hits);
  }
}

/** Whether a match of the pattern can begin here, by its first character and the one before. */
export function canBegin({ first, places, atBoundary }: CompiledPattern, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < NOT_ASCII ? (places[code]! & 1) === 0 : !contains(first, code)) return false;
  return !atBoundary || !isWord(text, at - 1);
}

/** Whether a match can begin here and what follows is, as far as every match reaches, what can stand in one. */
function canStand(pattern: CompiledPattern, text: string, at: number): boolean {
  if (!canBegin(pattern, text, at)) return false;
  const { places, minLength } = pattern;
  const length = Math.min(minLength, text.length - at);
  for (let place = 1; place < length; place++) {
    const bits = places[Math.min(text.charCodeAt(at + place), NOT_ASCII)]!;
    if ((bits & (place < PLACES ? 1 << place : ANY_PLACE)) === 0) return false;
  }
  return true;
}

function searchPlace(set: PatternSet, owner: number, text: string, start: number, hits: Hit[]): void {
  const { regexHere } = set.patterns[owner]!;
  regexHere.lastIndex = start;
  if (regexHere.test(text)) accept(set, owner, text, start, text.slice(start, regexHere.lastIndex), hits);
}

function accept(set: PatternSet, owner: number, text: string, start: number, match: string, hits: Hit[]): void {
  const { context, anchor } = set.patterns[owner]!;
  const { validate } = set.patterns[owner]!.definition;
  // Why the validator first: a checksum costs less than reading the words before, and most matches fail it.
  if ((validate !== undefined && !validate(match)) || (context !== undefined && !context(text, start))) return;
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
