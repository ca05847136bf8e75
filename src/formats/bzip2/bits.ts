import type { Input } from '../inflate/input.ts';

/** Reads bits, highest first, from an {@link Input}. */
export class BitReader {
  readonly input: Input;
  #bits = 0;
  #count = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** The next `count` bits, at most 24, as a number. */
  read(count: number): number {
    while (this.#count < count) {
      // At most 24 + 8 bits are held, of which the oldest fall out of the 32-bit number once they are used.
      this.#bits = (this.#bits << 8) | this.input.byte();
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** The next bit. */
  bit(): number {
    if (this.#count === 0) {
      this.#bits = this.input.byte();
      this.#count = 8;
    }
    this.#count--;
    return (this.#bits >>> this.#count) & 1;
  }

  /** The next 32 bits, unsigned. */
  uint32(): number {
    return this.read(16) * 0x10000 + this.read(16);
  }

  /** Drops the rest of the current byte. */
  align(): void {
    this.#count = 0;
  }
}
