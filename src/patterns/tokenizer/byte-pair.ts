import { malformed } from '../../core/errors.ts';
import type { TokenModel } from './tokenizer.ts';
import { byteTokens } from './unigram.ts';

/** What a byte-pair model is made of. */
export interface BytePairOptions {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Pairs that are joined, the most important first. */
  readonly merges: readonly (readonly [string, string])[];
  readonly unknown: number | undefined;
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
  /** Whether a piece that is an entry needs no joining. */
  readonly ignoreMerges: boolean;
}

/** Joins of a piece at most, per letter. Why: a piece of n letters is joined in at most n steps of n comparisons; the caller bounds n. */
interface Join {
  readonly rank: number;
  readonly id: number;
}

/** Joins the most important pair until none is left. */
export function bytePair(options: BytePairOptions): TokenModel {
  const { vocabulary, fuseUnknown, unknown, ignoreMerges } = options;
  const joins = joinsOf(options);
  const bytes = options.byteFallback ? byteTokens(vocabulary) : undefined;
  return (piece, out) => {
    if (ignoreMerges) {
      const whole = vocabulary.get(piece);
      if (whole !== undefined) {
        out.push(whole);
        return;
      }
    }
    const ids: number[] = [];
    let afterUnknown = false;
    for (const letter of piece) {
      const id = vocabulary.get(letter);
      if (id !== undefined) ids.push(id);
      else if (bytes !== undefined) ids.push(...[...Buffer.from(letter, 'utf8')].map((byte) => bytes[byte]!));
      else if (unknown !== undefined && !(fuseUnknown && afterUnknown)) ids.push(unknown);
      afterUnknown = id === undefined;
    }
    joinAll(ids, joins);
    out.push(...ids);
  };
}

function joinAll(ids: number[], joins: ReadonlyMap<number, Join>): void {
  for (;;) {
    let at = -1;
    let best: Join | undefined;
    for (let left = 0; left + 1 < ids.length; left++) {
      const join = joins.get(key(ids[left]!, ids[left + 1]!));
      if (join === undefined || (best !== undefined && join.rank >= best.rank)) continue;
      best = join;
      at = left;
    }
    if (best === undefined) return;
    ids.splice(at, 2, best.id);
  }
}

function joinsOf({ vocabulary, merges }: BytePairOptions): ReadonlyMap<number, Join> {
  const joins = new Map<number, Join>();
  for (const [rank, [left, right]] of merges.entries()) {
    const a = vocabulary.get(left);
    const b = vocabulary.get(right);
    const id = vocabulary.get(left + right);
    if (a === undefined || b === undefined || id === undefined) throw malformed('a join names a token that the vocabulary does not have');
    joins.set(key(a, b), { rank, id });
  }
  return joins;
}

function key(left: number, right: number): number {
  return left * 0x400_0000 + right;
}
