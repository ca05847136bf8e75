import type { Edge } from './edge.ts';
import { type Links, reach, type Rows, rowsOf } from './rows.ts';

/** Which edges are followed. */
export interface ReachOptions {
  /** Only edges that are measured or attested. */
  readonly isProven?: boolean;
}

/** The whole graph in memory: 8 bytes for an edge, and the names. Immutable; made anew when the graph has grown. */
export interface LineageIndex {
  readonly nodes: number;
  readonly edges: number;
  /** The number of an artifact; undefined when no edge has it. */
  numberOf(name: string): number | undefined;
  nameOf(node: number): string;
  /** Numbers of everything it was made from, without itself, in no order. Valid until the next call. */
  ancestors(node: number, options?: ReachOptions): Int32Array;
  /** Numbers of everything made from it, without itself, in no order. Valid until the next call. */
  descendants(node: number, options?: ReachOptions): Int32Array;
}

/** Collects edges and then builds the index from them: {@link LineageIndex}. */
export class LineageBuilder {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  #pairs: Links = new Int32Array(2 * 1024);
  #edges = 0;

  add({ ancestor, descendant, basis }: Pick<Edge, 'ancestor' | 'descendant' | 'basis'>): void {
    const from = this.#number(ancestor);
    const to = this.#number(descendant);
    if (this.#edges * 2 === this.#pairs.length) {
      const larger = new Int32Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#edges * 2] = from;
    this.#pairs[this.#edges * 2 + 1] = basis === 'declared' ? ~to : to;
    this.#edges++;
  }

  build(): LineageIndex {
    const names = this.#names;
    const numbers = this.#numbers;
    const nodes = names.length;
    const pairs = this.#pairs.subarray(0, this.#edges * 2);
    const down: Rows = rowsOf(pairs, nodes, 0);
    const up: Rows = rowsOf(pairs, nodes, 1);
    const queue = new Int32Array(nodes);
    const seen = new Int32Array(Math.ceil(nodes / 32));
    return {
      nodes,
      edges: this.#edges,
      numberOf: (name) => numbers.get(name),
      nameOf: (node) => names[node] ?? '',
      ancestors: (node, { isProven = false } = {}) => reach({ rows: up, opposite: down, queue, seen }, node, isProven),
      descendants: (node, { isProven = false } = {}) => reach({ rows: down, opposite: up, queue, seen }, node, isProven),
    };
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}
