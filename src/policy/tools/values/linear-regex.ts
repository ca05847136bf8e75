import { contains } from '../../../patterns/matching/char-set.ts';
import { parseRegex } from '../../../patterns/matching/parse-regex.ts';
import type { LookNode, RegexNode } from '../../../patterns/matching/regex-ast.ts';
import { CordonError } from '../../../core/errors.ts';

/** Why: matching costs states times characters; a constraint on an argument needs a few hundred. */
const MAX_STATES = 5_000;
const MAX_STEPS = 50_000;

type State =
  | { readonly kind: 'set'; readonly set: readonly number[]; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'test'; readonly holds: (text: string, at: number) => boolean; next: number }
  | { readonly kind: 'accept' };

/** A regular expression that runs in time linear in the text. */
export interface LinearRegex {
  /** Whether the whole text matches. */
  matches(text: string): boolean;
  /** Whether any part of the text matches. */
  occursIn(text: string): boolean;
}

/**
 * Compiles a regular expression into states that are followed side by side. Why not V8: a policy is written by hand and the text by an
 * attacker, and backtracking takes exponential time (CWE-1333). Throws `config.invalid` for syntax that needs backtracking.
 */
export function linearRegex(source: string): LinearRegex {
  const states: State[] = [];
  function add(state: State): number {
    if (states.length >= MAX_STATES) throw new CordonError('config.invalid', `the regular expression ${source} is too large`);
    return states.push(state) - 1;
  }
  let steps = 0;
  /** Builds backwards: the states of a node that lead to `next`. */
  function build(node: RegexNode, next: number): number {
    // Why steps too: an empty group repeated a million times makes no state.
    if (++steps > MAX_STEPS) throw new CordonError('config.invalid', `the regular expression ${source} is too large`);
    if (node.kind === 'set') return add({ kind: 'set', set: node.set, next });
    if (node.kind === 'sequence') return node.items.reduceRight((after, item) => build(item, after), next);
    if (node.kind === 'choice') {
      return node.options.map((option) => build(option, next)).reduceRight((other, option) => add({ kind: 'split', next: option, other }));
    }
    if (node.kind === 'boundary') return add({ kind: 'test', holds: (text, at) => isBoundary(text, at) !== node.negative, next });
    if (node.kind === 'look') return add({ kind: 'test', holds: (text, at) => looks(node, text, at), next });
    let start = next;
    if (node.max === Infinity) {
      const loop: State = { kind: 'split', next: 0, other: next };
      start = add(loop);
      loop.next = build(node.body, start);
    } else {
      for (let extra = node.min; extra < node.max; extra++) start = add({ kind: 'split', next: build(node.body, start), other: next });
    }
    for (let count = 0; count < node.min; count++) start = build(node.body, start);
    return start;
  }
  const accept = add({ kind: 'accept' });
  const start = build(parseRegex(source), accept);
  return {
    matches: (text) => run(states, start, accept, text, true),
    occursIn: (text) => run(states, start, accept, text, false),
  };
}

function run(states: readonly State[], start: number, accept: number, text: string, whole: boolean): boolean {
  let active = new Set<number>();
  for (let at = 0; at <= text.length; at++) {
    if (at === 0 || !whole) enter(states, start, text, at, active);
    if (active.has(accept) && (!whole || at === text.length)) return true;
    if (at === text.length || active.size === 0) {
      if (whole) return false;
      continue;
    }
    const code = text.charCodeAt(at);
    const following = new Set<number>();
    for (const index of active) {
      const state = states[index];
      if (state?.kind === 'set' && contains(state.set, code)) enter(states, state.next, text, at + 1, following);
    }
    active = following;
  }
  return false;
}

function enter(states: readonly State[], from: number, text: string, at: number, into: Set<number>): void {
  const waiting = [from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (into.has(index)) continue;
    into.add(index);
    const state = states[index];
    if (state?.kind === 'split') waiting.push(state.next, state.other);
    else if (state?.kind === 'test' && state.holds(text, at)) waiting.push(state.next);
  }
}

function isBoundary(text: string, at: number): boolean {
  return /\w/.test(text[at - 1] ?? ' ') !== /\w/.test(text[at] ?? ' ');
}

function looks({ direction, negative, set }: LookNode, text: string, at: number): boolean {
  const index = direction === 'ahead' ? at : at - 1;
  const found = index >= 0 && index < text.length && contains(set, text.charCodeAt(index));
  return found !== negative;
}
