import { contains } from '../char-set.ts';
import type { Nfa } from './nfa.ts';

/** States kept. Why: a hostile text could make exponentially many; beyond it the table is emptied and made anew. */
const MAX_STATES = 2000;

/** The state of no way on. */
export const DEAD = 0;

/** A deterministic automaton made while it runs: each code unit costs one look-up, or one step of the states it stands for. */
export class LazyDfa {
  readonly #nfa: Nfa;
  readonly #anywhere: boolean;
  readonly #classOf: Uint8Array;
  readonly #samples: readonly number[];
  #ids = new Map<string, number>();
  #members: number[][] = [];
  #accepts: boolean[] = [];
  #table: Int32Array[] = [];
  start = DEAD;

  /** With `anywhere`, a match may begin at every place that is read. */
  constructor(nfa: Nfa, classOf: Uint8Array, samples: readonly number[], anywhere: boolean) {
    this.#nfa = nfa;
    this.#classOf = classOf;
    this.#samples = samples;
    this.#anywhere = anywhere;
    this.#reset();
  }

  accepts(state: number): boolean {
    return this.#accepts[state]!;
  }

  /** The state after a code unit. A state is good until the next call that makes a new one empties the table: see `start`. */
  step(state: number, code: number): number {
    const symbol = this.#classOf[code]!;
    const known = this.#table[state]![symbol]!;
    return known >= 0 ? known : this.#make(state, symbol);
  }

  #reset(): void {
    this.#ids = new Map();
    this.#members = [];
    this.#accepts = [];
    this.#table = [];
    this.#add([]);
    this.start = this.#add(this.#close([this.#nfa.start]));
  }

  #make(state: number, symbol: number): number {
    const members = this.#members[state]!;
    const sample = this.#samples[symbol]!;
    const moved: number[] = [];
    for (const member of members) {
      const set = this.#nfa.sets[member];
      if (set !== undefined && contains(set, sample)) moved.push(this.#nfa.next[member]!);
    }
    if (this.#anywhere) moved.push(this.#nfa.start);
    const target = this.#close(moved);
    const full = this.#members.length >= MAX_STATES && !this.#ids.has(target.join());
    if (full) this.#reset();
    const id = this.#add(target);
    if (!full) this.#table[state]![symbol] = id;
    return id;
  }

  #add(members: number[]): number {
    const key = members.join();
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#members.length);
    this.#members.push(members);
    this.#accepts.push(members.includes(this.#nfa.accept));
    this.#table.push(new Int32Array(this.#samples.length).fill(-1));
    return this.#members.length - 1;
  }

  #close(states: readonly number[]): number[] {
    const seen = new Set<number>();
    const open = [...states];
    while (open.length > 0) {
      const state = open.pop()!;
      if (seen.has(state)) continue;
      seen.add(state);
      for (const way of this.#nfa.free[state]!) open.push(way);
    }
    // Only states that read or accept tell one state of the table from another.
    return [...seen].filter((state) => this.#nfa.sets[state] !== undefined || state === this.#nfa.accept).sort((a, b) => a - b);
  }
}
