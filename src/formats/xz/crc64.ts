/** The ECMA-182 polynomial, reflected, as two halves. */
const POLY_LOW = 0xd7870f42;
const POLY_HIGH = 0xc96c5795;
const LOW = new Int32Array(256);
const HIGH = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let low = i;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd === 1) {
      low ^= POLY_LOW;
      high ^= POLY_HIGH;
    }
  }
  LOW[i] = low;
  HIGH[i] = high;
}

/** CRC-64 as xz uses it, in two 32-bit halves because BigInt is too slow. */
export class Crc64 {
  #low = -1;
  #high = -1;

  /** Adds bytes. */
  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let i = 0; i < bytes.length; i++) {
      const index = (low ^ (bytes[i] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
      high = (high >>> 8) ^ (HIGH[index] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** The checksum, little-endian. */
  digest(): Uint8Array {
    return new Uint8Array(Int32Array.of(~this.#low, ~this.#high).buffer);
  }
}
