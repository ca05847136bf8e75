import { type CharSet, union } from './char-set.ts';
import type { RegexNode } from './regex-ast.ts';

/** Every code unit that a match can begin with. */
export function firstSet(node: RegexNode): CharSet {
  return beginning(node).set;
}

interface Beginning {
  readonly set: CharSet;
  /** Whether the node can match nothing, so that what follows it may come first. */
  readonly empty: boolean;
}

function beginning(node: RegexNode): Beginning {
  switch (node.kind) {
    case 'set':
      return { set: node.set, empty: false };
    case 'look':
    case 'boundary':
      return { set: [], empty: true };
    case 'choice': {
      const options = node.options.map(beginning);
      return { set: union(...options.map(({ set }) => set)), empty: options.some(({ empty }) => empty) };
    }
    case 'repeat': {
      const body = beginning(node.body);
      return node.max === 0 ? { set: [], empty: true } : { set: body.set, empty: body.empty || node.min === 0 };
    }
    case 'sequence': {
      const sets: CharSet[] = [];
      for (const item of node.items) {
        const { set, empty } = beginning(item);
        sets.push(set);
        if (!empty) return { set: union(...sets), empty: false };
      }
      return { set: union(...sets), empty: true };
    }
  }
}
