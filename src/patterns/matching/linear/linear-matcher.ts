import { type CharSet, complement, contains, WORD } from '../char-set.ts';
import { parseRegex } from '../parse-regex.ts';
import { refuse } from '../refuse.ts';
import type { BoundaryNode, LookNode, RegexNode } from '../regex-ast.ts';
import { patternBounds } from '../regex-bounds.ts';
import { DEAD, LazyDfa } from './lazy-dfa.ts';
import { buildNfa, type Nfa } from './nfa.ts';

/** Why: each place where a match may start costs at most this many steps, and a stream holds at most this much. */
const MAX_USER_LENGTH = 512;

type Assertion = LookNode | BoundaryNode;

/** Finds a pattern that somebody else wrote: time linear in the text whatever the pattern and whatever the text. The longest match counts. */
export interface LinearMatcher {
  readonly maxLength: number;
  /** Calls `found` for each place in `[low, high)` where a match starts, with the end of the longest one. */
  readonly find: (text: string, low: number, high: number, found: (start: number, end: number) => void) => void;
  /** The first place in `[low, high)` where a match is under way at the end of the text; -1 if none. */
  readonly firstLive: (text: string, low: number, high: number) => number;
}

/** Compiles a user's pattern; throws `config.invalid` with the reason for one that cannot run in bounded linear time. */
export function compileLinear(source: string, options: { ignoreCase?: boolean } = {}): LinearMatcher {
  const { core, before, after } = takeAssertions(parseRegex(source, options));
  const { max } = patternBounds(core, source);
  if (max > MAX_USER_LENGTH) throw refuse(source, 0, `it may match ${max} characters, more than ${MAX_USER_LENGTH}`);
  const forwards = buildNfa(core, source, false);
  const backwards = buildNfa(core, source, true);
  const { classOf, samples } = classify(forwards, source);
  const forward = new LazyDfa(forwards, classOf, samples, false);
  const reverse = new LazyDfa(backwards, classOf, samples, true);

  function longest(text: string, start: number): number {
    let state = forward.start;
    let end = -1;
    for (let at = start; at < text.length; at++) {
      state = forward.step(state, text.charCodeAt(at));
      if (state === DEAD) break;
      if (forward.accepts(state) && after.every((assertion) => holds(assertion, text, at + 1))) end = at + 1;
    }
    return end;
  }

  return {
    maxLength: max,
    find(text, low, high, found): void {
      const starts: number[] = [];
      let state = reverse.start;
      for (let at = Math.min(text.length, high + max) - 1; at >= low; at--) {
        state = reverse.step(state, text.charCodeAt(at));
        if (at < high && reverse.accepts(state)) starts.push(at);
      }
      for (const start of starts.toReversed()) {
        if (!before.every((assertion) => holds(assertion, text, start))) continue;
        const end = longest(text, start);
        if (end > start) found(start, end);
      }
    },
    firstLive(text, low, high): number {
      for (let start = Math.max(low, text.length - max); start < high; start++) {
        let state = forward.start;
        let at = start;
        while (at < text.length && state !== DEAD) state = forward.step(state, text.charCodeAt(at++));
        if (state !== DEAD) return start;
      }
      return -1;
    },
  };
}

/** Takes the assertions off both ends of a pattern. */
function takeAssertions(tree: RegexNode): {
  readonly core: RegexNode;
  readonly before: readonly Assertion[];
  readonly after: readonly Assertion[];
} {
  if (tree.kind !== 'sequence') return { core: tree, before: [], after: [] };
  const isAssertion = (node: RegexNode): node is Assertion => node.kind === 'look' || node.kind === 'boundary';
  const items = [...tree.items];
  const before: Assertion[] = [];
  const after: Assertion[] = [];
  while (items.length > 0 && isAssertion(items[0]!)) before.push(items.shift() as Assertion);
  while (items.length > 0 && isAssertion(items.at(-1)!)) after.unshift(items.pop() as Assertion);
  return { core: { kind: 'sequence', items }, before, after };
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  const inside = (place: number, set: CharSet): boolean => place >= 0 && place < text.length && contains(set, text.charCodeAt(place));
  if (assertion.kind === 'boundary') return (inside(at - 1, WORD) !== inside(at, WORD)) !== assertion.negative;
  return inside(assertion.direction === 'ahead' ? at : at - 1, assertion.set) !== assertion.negative;
}

/** Code units that no set of the pattern tells apart are one symbol. */
function classify(nfa: Nfa, source: string): { readonly classOf: Uint8Array; readonly samples: readonly number[] } {
  const edges = new Set<number>([0]);
  for (const set of nfa.sets) {
    for (const code of [...(set ?? []).filter((_, at) => at % 2 === 0), ...complement(set ?? []).filter((_, at) => at % 2 === 0)])
      edges.add(code);
  }
  const samples = [...edges].sort((a, b) => a - b);
  if (samples.length > 255) throw refuse(source, 0, 'it tells more than 255 kinds of characters apart');
  const classOf = new Uint8Array(65_536);
  for (const [symbol, low] of samples.entries()) classOf.fill(symbol, low, samples[symbol + 1] ?? 65_536);
  return { classOf, samples };
}
