import type { CharSet } from '../char-set.ts';
import { refuse } from '../refuse.ts';
import type { RegexNode } from '../regex-ast.ts';

/** Why: repeats are written out, so nested ones multiply; each step of a search costs at most this much. */
const MAX_STATES = 3000;

/** States of a pattern: one with a set leads to `next` over a code unit, one without leads to all of `free` over nothing. */
export interface Nfa {
  readonly sets: readonly (CharSet | undefined)[];
  readonly next: readonly number[];
  readonly free: readonly (readonly number[])[];
  readonly start: number;
  readonly accept: number;
}

/** Builds the states of a tree without assertions, for reading forwards or backwards. Refuses one that is too large. */
export function buildNfa(tree: RegexNode, source: string, backwards: boolean): Nfa {
  const sets: (CharSet | undefined)[] = [];
  const next: number[] = [];
  const free: number[][] = [];

  function state(set: CharSet | undefined, target: number, ways: number[]): number {
    if (sets.length >= MAX_STATES) throw refuse(source, 0, `its repeats multiply to more than ${MAX_STATES} states`);
    sets.push(set);
    next.push(target);
    free.push(ways);
    return sets.length - 1;
  }

  /** The state from which the node leads to `target`. */
  function build(node: RegexNode, target: number): number {
    switch (node.kind) {
      case 'set':
        return state(node.set, target, []);
      case 'look':
      case 'boundary':
        throw refuse(source, 0, 'a boundary or look-around may stand at the beginning and at the end only');
      case 'sequence': {
        let end = target;
        for (const item of backwards ? node.items : node.items.toReversed()) end = build(item, end);
        return end;
      }
      case 'choice':
        return state(
          undefined,
          -1,
          node.options.map((option) => build(option, target)),
        );
      case 'repeat': {
        let end = target;
        for (let optional = node.max - node.min; optional > 0; optional--) end = state(undefined, -1, [build(node.body, end), target]);
        for (let needed = node.min; needed > 0; needed--) end = build(node.body, end);
        return end;
      }
    }
  }

  const accept = state(undefined, -1, []);
  const start = build(tree, accept);
  return { sets, next, free, start, accept };
}
