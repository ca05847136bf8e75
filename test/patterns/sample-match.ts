import { pairs } from '../../src/patterns/matching/char-set.ts';
import type { RegexNode } from '../../src/patterns/matching/regex-ast.ts';

/** A number in [0, below). */
export type Random = (below: number) => number;

/** Deterministic numbers from a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** A text of the shape that a pattern matches; its assertions are not looked at. */
export function sampleMatch(node: RegexNode, random: Random): string {
  switch (node.kind) {
    case 'set': {
      const ranges = pairs(node.set);
      const ascii = ranges.filter(([low]) => low < 127);
      const from = ascii.length > 0 && random(20) > 0 ? ascii : ranges;
      const [low, high] = from[random(from.length)]!;
      return String.fromCharCode(low + random(Math.min(high, low < 127 ? 126 : high) - low + 1));
    }
    case 'look':
    case 'boundary':
      return '';
    case 'sequence':
      return node.items.map((item) => sampleMatch(item, random)).join('');
    case 'choice':
      return sampleMatch(node.options[random(node.options.length)]!, random);
    case 'repeat': {
      const spread = random(4) === 0 ? node.max - node.min : Math.min(node.max - node.min, 6);
      return Array.from({ length: node.min + random(spread + 1) }, () => sampleMatch(node.body, random)).join('');
    }
  }
}
