/**
 * Keeps at most `limit` items, the worst ones, in the order they came. Why not simply the first: whoever makes a file could
 * hide what is critical behind a thousand findings that are not.
 */
export class WorstKept<Item> {
  readonly #limit: number;
  readonly #byRank = new Map<number, { readonly item: Item; readonly order: number }[]>();
  #count = 0;
  #seen = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps the item, if need be instead of the last of the mildest. */
  add(item: Item, rank: number): void {
    const order = this.#seen++;
    if (this.#count >= this.#limit && !this.#dropMilderThan(rank)) return;
    const group = this.#byRank.get(rank);
    if (group === undefined) this.#byRank.set(rank, [{ item, order }]);
    else group.push({ item, order });
    this.#count++;
  }

  /** How many items were left out. */
  get cut(): number {
    return this.#seen - this.#count;
  }

  /** What was kept, in the order it came. */
  items(): Item[] {
    return [...this.#byRank.values()]
      .flat()
      .toSorted((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }

  #dropMilderThan(rank: number): boolean {
    const filled = [...this.#byRank].filter(([, group]) => group.length > 0);
    const [mildest, group] = filled.toSorted(([a], [b]) => a - b)[0] ?? [rank, []];
    if (mildest >= rank) return false;
    group.pop();
    this.#count--;
    return true;
  }
}
