import type { PatternSet } from './compile.ts';
import type { Hit } from './pattern.ts';

/** Why: overlapping matches can chain without end, and a stream may hold back only so much; a longer chain is cut here. */
export const MAX_CLUSTER = 2048;

/**
 * Makes the hits disjoint: of overlapping ones the most specific wins, then the longest, then the first. What a loser covers beyond the
 * winner stays covered, so nothing that any pattern found is left in clear. Hits must be sorted by start; `covered` is where the text that
 * is already dealt with ends.
 */
export function resolveHits(set: PatternSet, hits: readonly Hit[], text: (start: number, end: number) => string, covered = 0): Hit[] {
  const out: Hit[] = [];
  let done = covered;
  for (let at = 0; at < hits.length;) {
    const { next, offset } = clusterEnd(hits, at, done);
    for (const hit of resolveCluster(set, hits.slice(at, next), done, text)) out.push(hit);
    at = next;
    done = offset;
  }
  return out;
}

/** The disjoint hits of one chain, without what is already dealt with. */
export function resolveCluster(
  set: PatternSet,
  cluster: readonly Hit[],
  done: number,
  text: (start: number, end: number) => string,
): Hit[] {
  const open = cluster.filter(({ end }) => end > done).map((hit) => (hit.start < done ? { ...hit, start: done } : hit));
  return open.length <= 1 ? open : split(set, open, text);
}

/** Where the chain of overlapping hits that begins with `hits[first]` ends, and the first hit that is not of it. */
export function clusterEnd(
  hits: readonly Hit[],
  first: number,
  done: number,
): { readonly offset: number; readonly next: number; readonly limit: number } {
  const start = Math.max(hits[first]!.start, done);
  const limit = start + MAX_CLUSTER;
  let offset = Math.max(hits[first]!.end, done);
  let next = first + 1;
  while (next < hits.length && hits[next]!.start < Math.min(offset, limit)) offset = Math.max(offset, hits[next++]!.end);
  return { offset, next, limit };
}

/** Paints the hits over each other, the best last seen first; linear in what they cover. */
function split(set: PatternSet, cluster: readonly Hit[], text: (start: number, end: number) => string): Hit[] {
  const best = cluster.toSorted(
    (a, b) => rank(set, b) - rank(set, a) || b.end - b.start - (a.end - a.start) || a.start - b.start || a.pattern - b.pattern,
  );
  const base = Math.min(...cluster.map(({ start }) => start));
  const owner = new Int32Array(Math.max(...cluster.map(({ end }) => end)) - base).fill(-1);
  for (const [index, hit] of best.entries()) {
    for (let at = hit.start - base; at < hit.end - base; at++) if (owner[at] === -1) owner[at] = index;
  }
  const pieces: Hit[] = [];
  for (let at = 0; at < owner.length;) {
    const from = at;
    while (at < owner.length && owner[at] === owner[from]) at++;
    if (owner[from] === -1) continue;
    const hit = best[owner[from]!]!;
    const piece = { pattern: hit.pattern, start: base + from, end: base + at };
    const whole = piece.start === hit.start && piece.end === hit.end;
    if (whole || /[\p{L}\p{N}]/u.test(text(piece.start, piece.end))) pieces.push(piece);
  }
  return pieces;
}

function rank(set: PatternSet, hit: Hit): number {
  return set.patterns[hit.pattern]!.definition.specificity;
}
