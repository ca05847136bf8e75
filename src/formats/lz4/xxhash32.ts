const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;
const STRIPE = 16;

/** xxHash32 with seed 0, fed piece by piece: the checksum of LZ4 frames. */
export class XxHash32 {
  readonly #lanes = Int32Array.of(P1 + P2, P2, 0, -P1);
  readonly #rest = new Uint8Array(STRIPE);
  #held = 0;
  #total = 0;

  /** Adds bytes. */
  update(bytes: Uint8Array): void {
    this.#total += bytes.length;
    let at = 0;
    if (this.#held > 0) {
      at = Math.min(STRIPE - this.#held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < STRIPE) return;
      this.#stripes(this.#rest, 0, STRIPE);
      this.#held = 0;
    }
    const end = at + Math.floor((bytes.length - at) / STRIPE) * STRIPE;
    this.#stripes(bytes, at, end);
    this.#rest.set(bytes.subarray(end));
    this.#held = bytes.length - end;
  }

  /** The hash of everything added, unsigned. */
  digest(): number {
    const [a, b, c, d] = this.#lanes as unknown as [number, number, number, number];
    let hash = this.#total >= STRIPE ? rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) : P5;
    hash = (hash + this.#total) | 0;
    let at = 0;
    for (; at + 4 <= this.#held; at += 4) {
      hash = Math.imul(rotate((hash + Math.imul(word(this.#rest, at), P3)) | 0, 17), P4);
    }
    for (; at < this.#held; at++) hash = Math.imul(rotate((hash + Math.imul(this.#rest[at] as number, P5)) | 0, 11), P1);
    hash = Math.imul(hash ^ (hash >>> 15), P2);
    hash = Math.imul(hash ^ (hash >>> 13), P3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, from: number, end: number): void {
    const lanes = this.#lanes;
    let [a, b, c, d] = lanes as unknown as [number, number, number, number];
    for (let at = from; at < end; at += STRIPE) {
      a = round(a, word(bytes, at));
      b = round(b, word(bytes, at + 4));
      c = round(c, word(bytes, at + 8));
      d = round(d, word(bytes, at + 12));
    }
    lanes.set([a, b, c, d]);
  }
}

/** xxHash32 of one piece. */
export function xxhash32(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.update(bytes);
  return hash.digest();
}

function round(lane: number, value: number): number {
  return Math.imul(rotate((lane + Math.imul(value, P2)) | 0, 13), P1);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}
