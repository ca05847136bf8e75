/** The first subgraph that can reach itself, or undefined. `edges[i]` are the subgraphs that subgraph `i` runs. */
export function findCycle(edges: readonly ReadonlySet<number>[]): number | undefined {
  const state = new Uint8Array(edges.length);
  for (let start = 0; start < edges.length; start++) {
    if (state[start] !== 0) continue;
    const stack = [{ node: start, rest: [...(edges[start] ?? [])] }];
    state[start] = 1;
    while (stack.length > 0) {
      const top = stack.at(-1);
      const next = top?.rest.pop();
      if (top === undefined) break;
      if (next === undefined) {
        state[top.node] = 2;
        stack.pop();
      } else if (state[next] === 1) return next;
      else if (state[next] === 0) {
        state[next] = 1;
        stack.push({ node: next, rest: [...(edges[next] ?? [])] });
      }
    }
  }
  return undefined;
}
