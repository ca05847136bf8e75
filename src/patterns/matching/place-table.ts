import type { RegexNode } from './regex-ast.ts';

/** Places at the beginning of a match of which the table tells what may stand there. */
export const PLACES = 7;
/** Set for what may stand anywhere in a match. */
export const ANY_PLACE = 1 << PLACES;

/** Where the table has all that is not ASCII. */
export const NOT_ASCII = 128;

/**
 * For each ASCII code unit, and for all others together, one bit for each of the first places of a match where it may stand, and
 * {@link ANY_PLACE}. Why: nearly
 * everywhere a few look-ups say no, which cost a tenth of what starting a regular expression does.
 */
export function placeTable(tree: RegexNode): Uint8Array {
  const table = new Uint8Array(NOT_ASCII + 1);
  mark(tree, 1, table);
  return table;
}

/** Marks what the node matches when it begins at one of the places; returns the places where it may end. The last bit is all later ones. */
function mark(node: RegexNode, places: number, table: Uint8Array): number {
  switch (node.kind) {
    case 'set':
      for (let at = 0; at < node.set.length; at += 2) {
        const last = Math.min(node.set[at + 1]!, NOT_ASCII);
        for (let code = Math.min(node.set[at]!, NOT_ASCII); code <= last; code++) table[code]! |= places | ANY_PLACE;
      }
      return ((places << 1) | (places & ANY_PLACE)) & 0xff;
    case 'look':
    case 'boundary':
      return places;
    case 'choice':
      return node.options.reduce((ends, option) => ends | mark(option, places, table), 0);
    case 'sequence':
      return node.items.reduce((begins, item) => mark(item, begins, table), places);
    case 'repeat': {
      let ends = node.min === 0 ? places : 0;
      let begins = places;
      for (let count = 1; count <= node.max; count++) {
        const after = mark(node.body, begins, table);
        if (count >= node.min) ends |= after;
        // From here on every round does the same.
        if (after === begins) return ends | after;
        begins = after;
      }
      return ends;
    }
  }
}
