/** Numbers of nodes; `~n` in place of `n` marks an edge that is only declared. Why 32 signed bits: V8 computes with them unboxed. */
export type Links = Int32Array<ArrayBuffer>;

/** Edges of one direction in compressed rows: those of node `n` stand from `starts[n]` to `starts[n + 1]`. */
export interface Rows {
  readonly starts: Links;
  readonly ends: Links;
}

/** Both directions, and memory that is used again by every search. */
export interface Search {
  readonly rows: Rows;
  readonly opposite: Rows;
  readonly queue: Links;
  /** One bit for each node. */
  readonly seen: Links;
}

/** Rows by the first (0) or second (1) of each pair, by counting sort. */
export function rowsOf(pairs: Links, nodes: number, side: 0 | 1): Rows {
  const starts = new Int32Array(nodes + 1);
  for (let at = side; at < pairs.length; at += 2) {
    const own = nodeOf(pairs[at] ?? 0) + 1;
    starts[own] = (starts[own] ?? 0) + 1;
  }
  for (let node = 0; node < nodes; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
  const next = starts.slice();
  const ends = new Int32Array(pairs.length / 2);
  for (let at = 0; at < pairs.length; at += 2) {
    const from = pairs[at] ?? 0;
    const to = pairs[at + 1] ?? 0;
    const own = side === 0 ? from : nodeOf(to);
    const place = next[own] ?? 0;
    ends[place] = side === 0 ? to : to < 0 ? ~from : from;
    next[own] = place + 1;
  }
  return { starts, ends };
}

/** A frontier this much of the unseen graph is cheaper to search from the other side. Measured on a million nodes. */
const SWEEP_SHARE = 8;

/**
 * Everything that can be reached from a node, without itself. Breadth first; when the frontier is a good part of what is left, the
 * unseen nodes look for a seen neighbour instead, and stop at the first. Why: a closure over most of a graph then looks at a fraction
 * of its edges. What was seen is not visited again, so that cycles end.
 */
export function reach({ rows, opposite, queue, seen }: Search, node: number, isProven: boolean): Links {
  const nodes = queue.length;
  if (node < 0 || node >= nodes) return queue.subarray(0, 0);
  const { starts, ends } = rows;
  seen.fill(0);
  mark(seen, node);
  let filled = 0;
  let waiting = 0;
  let current = node;
  for (let read = 0; ; read++) {
    const end = starts[current + 1] ?? 0;
    for (let at = starts[current] ?? 0; at < end; at++) {
      const link = ends[at] ?? 0;
      if (isProven && link < 0) continue;
      const other = nodeOf(link);
      if (isMarked(seen, other)) continue;
      mark(seen, other);
      queue[filled] = other;
      filled++;
      waiting += (starts[other + 1] ?? 0) - (starts[other] ?? 0);
    }
    while (waiting * SWEEP_SHARE > ends.length * (1 - filled / nodes) && filled - read > nodes / 256) {
      const found = sweep(opposite, seen, queue, filled, isProven);
      // The frontier is done: every unseen neighbour of it was found. What the sweep found is the next one.
      read = filled;
      waiting = 0;
      for (let at = filled; at < found; at++) waiting += (starts[(queue[at] ?? 0) + 1] ?? 0) - (starts[queue[at] ?? 0] ?? 0);
      filled = found;
    }
    if (read >= filled) return queue.subarray(0, filled);
    current = queue[read] ?? 0;
    waiting -= (starts[current + 1] ?? 0) - (starts[current] ?? 0);
  }
}

/** Marks every unseen node that has a seen neighbour, and puts it into the queue; answers how far the queue is filled. */
function sweep({ starts, ends }: Rows, seen: Links, queue: Links, filled: number, isProven: boolean): number {
  let end = filled;
  for (let word = 0; word < seen.length; word++) {
    if (seen[word] === -1) continue;
    const last = Math.min(queue.length, word * 32 + 32);
    for (let node = word * 32; node < last; node++) {
      if (isMarked(seen, node)) continue;
      const stop = starts[node + 1] ?? 0;
      for (let at = starts[node] ?? 0; at < stop; at++) {
        const link = ends[at] ?? 0;
        if ((isProven && link < 0) || !isMarked(seen, nodeOf(link))) continue;
        mark(seen, node);
        queue[end] = node;
        end++;
        break;
      }
    }
  }
  return end;
}

function nodeOf(link: number): number {
  return link ^ (link >> 31);
}

function isMarked(seen: Links, node: number): boolean {
  return (((seen[node >> 5] ?? 0) >>> (node & 31)) & 1) === 1;
}

function mark(seen: Links, node: number): void {
  seen[node >> 5] = (seen[node >> 5] ?? 0) | (1 << (node & 31));
}
