/** Set of 32-bit word hashes. Why: the survey asks for every word of every text, and a Set of strings would need a slice each. */
export class HashSet {
  readonly #slots: Int32Array;
  readonly #values: Int32Array;
  readonly #mask: number;

  constructor(capacity: number) {
    let size = 64;
    while (size < capacity * 4) size *= 2;
    this.#slots = new Int32Array(size);
    this.#values = new Int32Array(size).fill(-1);
    this.#mask = size - 1;
  }

  /** Keeps the first value of a hash. */
  add(hash: number, value: number): void {
    let at = hash & this.#mask;
    while ((this.#values[at] ?? -1) >= 0) {
      if (this.#slots[at] === hash) return;
      at = (at + 1) & this.#mask;
    }
    this.#slots[at] = hash;
    this.#values[at] = value;
  }

  /** The value, -1 for none. */
  get(hash: number): number {
    let at = hash & this.#mask;
    for (;;) {
      const value = this.#values[at] ?? -1;
      if (value < 0 || this.#slots[at] === hash) return value;
      at = (at + 1) & this.#mask;
    }
  }
}

/** One step of the ordered hash of a word; letters in lower case. */
export function hashStep(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Start of the ordered hash. */
export const HASH_START: number = 0x811c9dc5 | 0;

/** Ends the ordered hash: spreads the high bits over the low ones. */
export function hashEnd(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** What a letter adds to the hash that does not know the order of letters. */
export function scatter(unit: number): number {
  const mixed = Math.imul(unit + 0x9e37, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) | 0;
}

/** Hash of first letter, last letter, length and the bag of letters. */
export function bagHash(sum: number, first: number, last: number, length: number): number {
  const ends = Math.imul(((first << 16) ^ (last << 8) ^ length) + 0x1b873593, 0xcc9e2d51);
  const mixed = sum ^ ends ^ (ends >>> 16);
  return mixed ^ (mixed >>> 15);
}

/** Ordered hash of a word in lower case. */
export function wordHash(word: string): number {
  let hash = HASH_START;
  for (let at = 0; at < word.length; at++) hash = hashStep(hash, word.charCodeAt(at));
  return hashEnd(hash);
}
