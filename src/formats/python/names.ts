import { utf8 } from '../bytes/read.ts';

/**
 * Gives equal identifiers one number, so that each spelling is decoded once. Identifiers are compared as Python compares
 * them, in NFKC: mathematical letters spelling `eval` are `eval`.
 */
export class NameTable {
  readonly names: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #byText = new Map<string, number>();
  #slots = new Int32Array(1024);
  #starts: number[] = [];
  #ends: number[] = [];
  #hashes: number[] = [];
  #ids: number[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The number of the identifier at these offsets, whose bytes hash to `hash`. */
  intern(start: number, end: number, hash: number): number {
    let mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = this.#slots[slot]!;
      if (entry === 0) break;
      if (this.#hashes[entry - 1] === hash && this.#equal(entry - 1, start, end)) return this.#ids[entry - 1]!;
      slot = (slot + 1) & mask;
    }
    if (this.#hashes.length * 2 > mask) {
      this.#rehash();
      mask = this.#slots.length - 1;
      slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    }
    this.#starts.push(start);
    this.#ends.push(end);
    this.#hashes.push(hash);
    this.#slots[slot] = this.#hashes.length;
    const id = this.#idOf(utf8(this.#bytes.subarray(start, end)).normalize('NFKC'));
    this.#ids.push(id);
    return id;
  }

  #idOf(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.names.push(text);
    this.#byText.set(text, this.names.length - 1);
    return this.names.length - 1;
  }

  #equal(entry: number, start: number, end: number): boolean {
    const other = this.#starts[entry]!;
    if (this.#ends[entry]! - other !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (this.#bytes[other + i] !== this.#bytes[start + i]) return false;
    return true;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    this.#hashes.forEach((hash, entry) => {
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    });
    this.#slots = slots;
  }
}
