/** Eight words of chaining value, or sixteen of message or state. */
type Words = Uint32Array<ArrayBuffer>;

const IV = Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
/** The message schedule: how the words of a block move from round to round. */
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
const [CHUNK_START, CHUNK_END, PARENT, ROOT] = [1, 2, 4, 8];
const BLOCK_BYTES = 64;
const CHUNK_BYTES = 1024;
const ROUNDS = 7;

/** The order of the sixteen words in each round, so that none is moved. */
const SCHEDULE = schedule();

function schedule(): Uint8Array {
  const order = new Uint8Array(ROUNDS * 16);
  let row = Array.from({ length: 16 }, (_, index) => index);
  for (let turn = 0; turn < ROUNDS; turn++) {
    order.set(row, turn * 16);
    row = PERMUTATION.map((index) => row[index] ?? 0);
  }
  return order;
}

/**
 * BLAKE3 in its plain mode with 32 bytes of output. Why own code: Node has none, and OMS signatures that use it must be
 * verifiable without a native package. Slow beside SHA-256; signatures are never made with it unless asked.
 */
export class Blake3 {
  readonly #state = new Uint32Array(16);
  readonly #words = new Uint32Array(16);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #stack: Words[] = [];
  #value: Words = IV.slice();
  #filled = 0;
  #blocks = 0;
  #chunk = 0;

  update(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length;) {
      if (this.#filled === BLOCK_BYTES) this.#flush();
      const take = Math.min(BLOCK_BYTES - this.#filled, bytes.length - at);
      this.#block.set(bytes.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
    }
    return this;
  }

  /** The digest, hexadecimal. The hasher is used up by it. */
  digest(_encoding: 'hex'): string {
    this.#block.fill(0, this.#filled);
    this.#load();
    const start = this.#blocks === 0 ? CHUNK_START : 0;
    let parents = this.#stack.length;
    let output = this.#compress(this.#value, this.#words, this.#chunk, this.#filled, start | CHUNK_END | (parents === 0 ? ROOT : 0));
    while (parents > 0) {
      parents -= 1;
      output = this.#parent(this.#stack[parents] ?? output, output, parents === 0 ? ROOT : 0);
    }
    return Buffer.from(output.buffer).toString('hex');
  }

  /** Compresses a full block of which more follows. */
  #flush(): void {
    this.#load();
    const isLast = this.#blocks === CHUNK_BYTES / BLOCK_BYTES - 1;
    const flags = (this.#blocks === 0 ? CHUNK_START : 0) | (isLast ? CHUNK_END : 0);
    this.#value = this.#compress(this.#value, this.#words, this.#chunk, BLOCK_BYTES, flags);
    this.#filled = 0;
    this.#blocks++;
    if (isLast) this.#endChunk();
  }

  /** Joins complete subtrees: as many as the number of chunks has trailing zero bits. */
  #endChunk(): void {
    let value = this.#value;
    this.#chunk++;
    for (let total = this.#chunk; total % 2 === 0; total /= 2) value = this.#parent(this.#stack.pop() ?? value, value, 0);
    this.#stack.push(value);
    this.#value = IV.slice();
    this.#blocks = 0;
  }

  #parent(left: Words, right: Words, flag: number): Words {
    const words = new Uint32Array(16);
    words.set(left, 0);
    words.set(right, 8);
    return this.#compress(IV, words, 0, BLOCK_BYTES, PARENT | flag);
  }

  #load(): void {
    const view = new DataView(this.#block.buffer);
    for (let index = 0; index < 16; index++) this.#words[index] = view.getUint32(index * 4, true);
  }

  /** The compression function, cut to eight words. */
  #compress(value: Words, words: Words, counter: number, length: number, flags: number): Words {
    const state = this.#state;
    state.set(value, 0);
    state.set(IV.subarray(0, 4), 8);
    state[12] = counter >>> 0;
    state[13] = Math.floor(counter / 2 ** 32);
    state[14] = length;
    state[15] = flags;
    for (let at = 0; at < SCHEDULE.length; at += 16) round(state, words, at);
    const output = new Uint32Array(8);
    for (let index = 0; index < 8; index++) output[index] = (state[index] ?? 0) ^ (state[index + 8] ?? 0);
    return output;
  }
}

function round(state: Words, words: Words, at: number): void {
  const word = (index: number): number => words[SCHEDULE[at + index] ?? 0] ?? 0;
  mix(state, 0, 4, 8, 12, word(0), word(1));
  mix(state, 1, 5, 9, 13, word(2), word(3));
  mix(state, 2, 6, 10, 14, word(4), word(5));
  mix(state, 3, 7, 11, 15, word(6), word(7));
  mix(state, 0, 5, 10, 15, word(8), word(9));
  mix(state, 1, 6, 11, 12, word(10), word(11));
  mix(state, 2, 7, 8, 13, word(12), word(13));
  mix(state, 3, 4, 9, 14, word(14), word(15));
}

function mix(state: Words, ia: number, ib: number, ic: number, id: number, x: number, y: number): void {
  let a = state[ia] ?? 0;
  let b = state[ib] ?? 0;
  let c = state[ic] ?? 0;
  let d = state[id] ?? 0;
  a = (a + b + x) | 0;
  d = rotated(d ^ a, 16);
  c = (c + d) | 0;
  b = rotated(b ^ c, 12);
  a = (a + b + y) | 0;
  d = rotated(d ^ a, 8);
  c = (c + d) | 0;
  b = rotated(b ^ c, 7);
  state[ia] = a;
  state[ib] = b;
  state[ic] = c;
  state[id] = d;
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
