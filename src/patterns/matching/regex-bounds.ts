import type { CharSet } from './char-set.ts';
import { union } from './char-set.ts';
import { refuse } from './refuse.ts';
import type { RegexNode } from './regex-ast.ts';

/**
 * Longest match in code units. Why 4,096: a streaming filter may have to hold back this much, and an RSA-4096 private key in PEM is 3.3 KB.
 */
export const MAX_MATCH_LENGTH = 4096;

/** The least and the greatest number of code units that a node matches; refuses a quantifier without an upper bound. */
export function lengthBounds(node: RegexNode, source: string): { readonly min: number; readonly max: number } {
  switch (node.kind) {
    case 'set':
      return { min: 1, max: 1 };
    case 'look':
    case 'boundary':
      return { min: 0, max: 0 };
    case 'sequence': {
      const parts = node.items.map((item) => lengthBounds(item, source));
      return { min: sum(parts.map(({ min }) => min)), max: sum(parts.map(({ max }) => max)) };
    }
    case 'choice': {
      const parts = node.options.map((option) => lengthBounds(option, source));
      return { min: Math.min(...parts.map(({ min }) => min)), max: Math.max(...parts.map(({ max }) => max)) };
    }
    case 'repeat': {
      if (node.max === Infinity) {
        throw refuse(source, node.at, `the quantifier ${node.written} has no upper bound (write {${node.min},n} with a number n)`);
      }
      const body = lengthBounds(node.body, source);
      return { min: body.min * node.min, max: body.max * node.max };
    }
  }
}

/** The bounds of a whole pattern, checked: never empty, never longer than {@link MAX_MATCH_LENGTH}. */
export function patternBounds(node: RegexNode, source: string): { readonly min: number; readonly max: number } {
  const bounds = lengthBounds(node, source);
  if (bounds.min === 0) throw refuse(source, 0, 'it matches the empty text');
  if (bounds.max > MAX_MATCH_LENGTH) throw refuse(source, 0, `it may match ${bounds.max} characters, more than ${MAX_MATCH_LENGTH}`);
  return bounds;
}

/** Every code unit that can occur in a match. */
export function alphabet(node: RegexNode): CharSet {
  const sets = new Map<string, CharSet>();
  const collect = (part: RegexNode): void => {
    if (part.kind === 'set') sets.set(part.set.join(), part.set);
    else if (part.kind === 'sequence') part.items.forEach(collect);
    else if (part.kind === 'choice') part.options.forEach(collect);
    else if (part.kind === 'repeat') collect(part.body);
  };
  collect(node);
  return union(...sets.values());
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
