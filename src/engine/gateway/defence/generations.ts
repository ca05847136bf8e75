/**
 * The values that were set last, at most so many, and half as many at least. Why two generations and not the oldest taken out one by
 * one: a map that loses its first entry again and again steps over all that are gone each time it is asked for the next first one,
 * and a flood of addresses would take minutes of CPU.
 */
export class Generations<T> {
  #half: number;
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  constructor(max: number) {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Takes effect with the next values that are set. */
  resize(max: number): void {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  get(key: string): T | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: string, value: T): void {
    this.#old.delete(key);
    if (this.#young.size >= this.#half && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
