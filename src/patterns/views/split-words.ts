import { dictionary } from './dictionary.ts';

const MAX_WORD = 16;
const MAX_LENGTH = 2_000;
/** Cost of a letter that no word covers; a word costs by its rank. */
const LOOSE = 9;

/** Words put apart again, with the position in the glued text of every unit of the result. */
export interface SplitText {
  readonly text: string;
  readonly positions: readonly number[];
}

/** Puts spaces into English words run together, by the cheapest reading; undefined where words cover too little of it. */
export function splitWords(glued: string): SplitText | undefined {
  if (glued.length > MAX_LENGTH) return undefined;
  const { rank } = dictionary();
  const lower = glued.toLowerCase();
  const cost = new Float64Array(glued.length + 1).fill(Infinity);
  const from = new Int32Array(glued.length + 1);
  cost[0] = 0;
  for (let end = 1; end <= glued.length; end++) {
    for (let start = Math.max(0, end - MAX_WORD); start < end; start++) {
      const known = rank.get(lower.slice(start, end));
      const price = known === undefined ? (end - start === 1 ? LOOSE : Infinity) : 4 + Math.log2(known + 4);
      const total = (cost[start] ?? Infinity) + price;
      if (total < (cost[end] ?? Infinity)) {
        cost[end] = total;
        from[end] = start;
      }
    }
  }
  return readBack(glued, lower, from);
}

function readBack(glued: string, lower: string, from: Int32Array): SplitText | undefined {
  const { rank } = dictionary();
  const cuts: number[] = [];
  let covered = 0;
  for (let end = glued.length; end > 0; end = from[end] ?? 0) {
    const start = from[end] ?? 0;
    if (end - start > 1 && rank.has(lower.slice(start, end))) covered += end - start;
    cuts.unshift(start);
  }
  if (covered * 10 < glued.length * 7) return undefined;
  let text = '';
  const positions: number[] = [];
  cuts.forEach((start, index) => {
    const end = cuts[index + 1] ?? glued.length;
    // Loose letters stay with what is before them.
    const loose = index > 0 && end - start === 1 && !rank.has(lower.slice(start, end));
    if (index > 0 && !loose) {
      text += ' ';
      positions.push(start - 1);
    }
    text += glued.slice(start, end);
    for (let at = start; at < end; at++) positions.push(at);
  });
  return { text, positions };
}
