/** Set of 32-bit word hashes. Why: the survey asks for every word of every text, and a Set of strings would need a slice each. */
export class HashSet {
  /** Hash and value of each place, one beside the other: a look into memory brings both. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(capacity: number) {
    let size = 64;
    while (size < capacity * 2) size *= 2;
    this.#slots = new Int32Array(size * 2);
    for (let at = 1; at < this.#slots.length; at += 2) this.#slots[at] = -1;
    this.#mask = size * 2 - 1;
  }

  /** Keeps the first value of a hash. */
  add(hash: number, value: number): void {
    const slots = this.#slots;
    let at = (hash << 1) & this.#mask;
    for (; slots[at + 1]! >= 0; at = (at + 2) & this.#mask) if (slots[at] === hash) return;
    slots[at] = hash;
    slots[at + 1] = value;
  }

  /** The value, -1 for none. */
  get(hash: number): number {
    const slots = this.#slots;
    for (let at = (hash << 1) & this.#mask; ; at = (at + 2) & this.#mask) {
      const value = slots[at + 1]!;
      if (value < 0 || slots[at] === hash) return value;
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
