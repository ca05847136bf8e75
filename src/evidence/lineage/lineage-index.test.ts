import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edge } from './edge.ts';
import { LineageBuilder, type LineageIndex } from './lineage-index.ts';

function indexOf(edges: readonly Pick<Edge, 'ancestor' | 'descendant' | 'basis'>[]): LineageIndex {
  const builder = new LineageBuilder();
  for (const edge of edges) builder.add(edge);
  return builder.build();
}

const names = (index: LineageIndex, nodes: Int32Array): string[] => [...nodes].map((node) => index.nameOf(node));

/** The closure as anybody would write it. */
function plainClosure(edges: readonly (readonly [string, string])[], start: string): string[] {
  const reached = new Set([start]);
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const [from, to] of edges) if (reached.has(from)) reached.add(to);
  }
  reached.delete(start);
  return [...reached].sort();
}

test('any graph, with cycles, repeated edges and edges to itself', () => {
  const node = fc.constantFrom(...'abcdefgh');
  const edge = fc.record({ ancestor: node, descendant: node, basis: fc.constantFrom('attested' as const, 'declared' as const) });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 20 }), node, fc.boolean(), (edges, start, isProven) => {
      const index = indexOf(edges);
      const number = index.numberOf(start);
      if (number === undefined) return;
      const followed = edges.filter(({ basis }) => !isProven || basis === 'attested');
      const down = names(index, index.descendants(number, { isProven })).sort();
      expect(down).toEqual(
        plainClosure(
          followed.map(({ ancestor, descendant }) => [ancestor, descendant] as const),
          start,
        ),
      );
      const up = names(index, index.ancestors(number, { isProven })).sort();
      expect(up).toEqual(
        plainClosure(
          followed.map(({ ancestor, descendant }) => [descendant, ancestor] as const),
          start,
        ),
      );
    }),
    { numRuns: 1000 },
  );
});

test('what is not there reaches nothing', () => {
  const index = indexOf(
    [
      ['data', 'base'],
      ['base', 'tuned'],
      ['tuned', 'quantised'],
      ['data', 'other'],
    ].map(([ancestor = '', descendant = '']) => ({ ancestor, descendant, basis: 'attested' })),
  );
  expect(names(index, index.descendants(index.numberOf('data') ?? -1)).sort()).toEqual(['base', 'other', 'quantised', 'tuned']);
  expect(names(index, index.ancestors(index.numberOf('quantised') ?? -1)).sort()).toEqual(['base', 'data', 'tuned']);
  expect(index.numberOf('nobody')).toBeUndefined();
  expect([...index.ancestors(99)]).toEqual([]);
  expect([index.nodes, index.edges]).toEqual([5, 4]);
});

test('an empty graph', () => {
  const index = new LineageBuilder().build();
  expect([index.nodes, index.edges, [...index.descendants(0)]]).toEqual([0, 0, []]);
});

test('a graph large enough for both ways of searching', () => {
  const nodes = 5000;
  const pairs = fc.sample(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { numRuns: 15_000, seed: 7 });
  const index = indexOf(
    pairs.map(([ancestor, descendant]) => ({ ancestor: `${ancestor}`, descendant: `${descendant}`, basis: 'attested' })),
  );
  const children = new Map<string, string[]>();
  for (const [ancestor, descendant] of pairs) children.set(`${ancestor}`, [...(children.get(`${ancestor}`) ?? []), `${descendant}`]);
  for (const start of ['1', '77', '4999']) {
    const reached = new Set([start]);
    for (const node of reached) for (const child of children.get(node) ?? []) reached.add(child);
    reached.delete(start);
    expect(names(index, index.descendants(index.numberOf(start) ?? -1)).sort()).toEqual([...reached].sort());
  }
});
