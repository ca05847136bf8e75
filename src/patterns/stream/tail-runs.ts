import { contains } from '../matching/char-set.ts';
import type { CompiledPattern } from '../matching/compile.ts';

/** Patterns grouped by the characters that their matches consist of. */
export interface TailRuns {
  /** One bit per group for each ASCII code unit, `words` numbers each. */
  readonly masks: Int32Array;
  readonly words: number;
  readonly groups: readonly { readonly sample: CompiledPattern; readonly members: readonly number[]; readonly maxLength: number }[];
}

/** Groups patterns, so that one walk back over the end of a text says which of them can be under way there. */
export function groupByAlphabet(patterns: readonly CompiledPattern[], members: readonly number[]): TailRuns {
  const byAlphabet = new Map<string, number[]>();
  for (const index of members) {
    const key = patterns[index]!.alphabet.join();
    byAlphabet.set(key, [...(byAlphabet.get(key) ?? []), index]);
  }
  const groups = Array.from(byAlphabet.values(), (indexes) => ({
    sample: patterns[indexes[0]!]!,
    members: indexes,
    maxLength: Math.max(...indexes.map((index) => patterns[index]!.maxLength)),
  }));
  const words = Math.ceil(groups.length / 32);
  const masks = new Int32Array(128 * words);
  for (let code = 0; code < 128; code++) {
    for (const [group, { sample }] of groups.entries())
      if (contains(sample.alphabet, code)) masks[code * words + (group >> 5)]! |= 1 << (group & 31);
  }
  return { masks, words, groups };
}

/** Where the run of characters of each group that ends the text begins; the length of the text for a group that has none. Not before `from`. */
export function runStarts(runs: TailRuns, text: string, from: number): Int32Array {
  const { masks, words, groups } = runs;
  const starts = new Int32Array(groups.length).fill(text.length);
  const alive = new Int32Array(words).fill(-1);
  if (groups.length % 32 !== 0) alive[words - 1] = (1 << (groups.length % 32)) - 1;
  for (let at = text.length - 1; at >= from; at--) {
    const code = text.charCodeAt(at);
    let any = 0;
    for (let word = 0; word < words; word++) {
      const mask = code < 128 ? masks[code * words + word]! : wideMask(runs, code, word);
      alive[word]! &= mask;
      any |= alive[word]!;
      for (let bits = alive[word]!; bits !== 0; bits &= bits - 1) starts[(word << 5) + 31 - Math.clz32(bits & -bits)] = at;
    }
    if (any === 0) break;
  }
  return starts;
}

function wideMask(runs: TailRuns, code: number, word: number): number {
  let mask = 0;
  for (let bit = 0; bit < 32; bit++) {
    const group = runs.groups[(word << 5) + bit];
    if (group !== undefined && contains(group.sample.alphabet, code)) mask |= 1 << bit;
  }
  return mask;
}
