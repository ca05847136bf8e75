/** Eight words of chaining value, or sixteen of message or state. */
type Words = Int32Array<ArrayBuffer>;

const IV = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
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
  readonly #words: Words = new Int32Array(16);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #blockView = new DataView(this.#block.buffer);
  readonly #stack: Words[] = [];
  #value: Words = IV.slice();
  #filled = 0;
  #blocks = 0;
  #chunk = 0;

  update(bytes: Uint8Array): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length;) {
      // A block is compressed only when more follows: the last one of all is marked.
      if (this.#filled === BLOCK_BYTES) {
        this.#compressBlock(this.#blockView, 0);
        this.#filled = 0;
      }
      if (this.#filled === 0 && bytes.length - at > BLOCK_BYTES) {
        this.#compressBlock(view, at);
        at += BLOCK_BYTES;
        continue;
      }
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
    load(this.#words, this.#blockView, 0);
    const start = this.#blocks === 0 ? CHUNK_START : 0;
    const isOnly = this.#stack.length === 0;
    let output = this.#value;
    compress(output, this.#words, this.#chunk, this.#filled, start | CHUNK_END | (isOnly ? ROOT : 0));
    for (let parents = this.#stack.length - 1; parents >= 0; parents--)
      output = parentOf(this.#stack[parents] ?? output, output, parents === 0 ? ROOT : 0);
    const bytes = new DataView(new ArrayBuffer(32));
    for (const [index, part] of output.entries()) bytes.setInt32(index * 4, part, true);
    return Buffer.from(bytes.buffer).toString('hex');
  }

  /** Compresses a full block of which more follows. */
  #compressBlock(view: DataView, at: number): void {
    load(this.#words, view, at);
    const isLast = this.#blocks === CHUNK_BYTES / BLOCK_BYTES - 1;
    const flags = (this.#blocks === 0 ? CHUNK_START : 0) | (isLast ? CHUNK_END : 0);
    compress(this.#value, this.#words, this.#chunk, BLOCK_BYTES, flags);
    this.#blocks++;
    if (isLast) this.#endChunk();
  }

  /** Joins complete subtrees: as many as the number of chunks has trailing zero bits. */
  #endChunk(): void {
    let value = this.#value;
    this.#chunk++;
    for (let total = this.#chunk; total % 2 === 0; total /= 2) value = parentOf(this.#stack.pop() ?? value, value, 0);
    this.#stack.push(value);
    this.#value = IV.slice();
    this.#blocks = 0;
  }
}

function parentOf(left: Words, right: Words, flag: number): Words {
  const words: Words = new Int32Array(16);
  words.set(left, 0);
  words.set(right, 8);
  const value: Words = IV.slice();
  compress(value, words, 0, BLOCK_BYTES, PARENT | flag);
  return value;
}

function load(words: Words, view: DataView, at: number): void {
  for (let index = 0; index < 16; index++) words[index] = view.getInt32(at + index * 4, true);
}

/**
 * The compression function: `value` becomes the new chaining value. Why written out: with the state in an array it was twenty times
 * slower.
 */
function compress(value: Words, words: Words, counter: number, length: number, flags: number): void {
  let v0 = value[0] ?? 0;
  let v1 = value[1] ?? 0;
  let v2 = value[2] ?? 0;
  let v3 = value[3] ?? 0;
  let v4 = value[4] ?? 0;
  let v5 = value[5] ?? 0;
  let v6 = value[6] ?? 0;
  let v7 = value[7] ?? 0;
  let v8 = IV[0] ?? 0;
  let v9 = IV[1] ?? 0;
  let v10 = IV[2] ?? 0;
  let v11 = IV[3] ?? 0;
  let v12 = counter | 0;
  let v13 = Math.floor(counter / 2 ** 32);
  let v14 = length;
  let v15 = flags;
  for (let at = 0; at < SCHEDULE.length; at += 16) {
    v0 = (v0 + v4 + word(words, at + 0)) | 0;
    v12 = rotated(v12 ^ v0, 16);
    v8 = (v8 + v12) | 0;
    v4 = rotated(v4 ^ v8, 12);
    v0 = (v0 + v4 + word(words, at + 1)) | 0;
    v12 = rotated(v12 ^ v0, 8);
    v8 = (v8 + v12) | 0;
    v4 = rotated(v4 ^ v8, 7);
    v1 = (v1 + v5 + word(words, at + 2)) | 0;
    v13 = rotated(v13 ^ v1, 16);
    v9 = (v9 + v13) | 0;
    v5 = rotated(v5 ^ v9, 12);
    v1 = (v1 + v5 + word(words, at + 3)) | 0;
    v13 = rotated(v13 ^ v1, 8);
    v9 = (v9 + v13) | 0;
    v5 = rotated(v5 ^ v9, 7);
    v2 = (v2 + v6 + word(words, at + 4)) | 0;
    v14 = rotated(v14 ^ v2, 16);
    v10 = (v10 + v14) | 0;
    v6 = rotated(v6 ^ v10, 12);
    v2 = (v2 + v6 + word(words, at + 5)) | 0;
    v14 = rotated(v14 ^ v2, 8);
    v10 = (v10 + v14) | 0;
    v6 = rotated(v6 ^ v10, 7);
    v3 = (v3 + v7 + word(words, at + 6)) | 0;
    v15 = rotated(v15 ^ v3, 16);
    v11 = (v11 + v15) | 0;
    v7 = rotated(v7 ^ v11, 12);
    v3 = (v3 + v7 + word(words, at + 7)) | 0;
    v15 = rotated(v15 ^ v3, 8);
    v11 = (v11 + v15) | 0;
    v7 = rotated(v7 ^ v11, 7);
    v0 = (v0 + v5 + word(words, at + 8)) | 0;
    v15 = rotated(v15 ^ v0, 16);
    v10 = (v10 + v15) | 0;
    v5 = rotated(v5 ^ v10, 12);
    v0 = (v0 + v5 + word(words, at + 9)) | 0;
    v15 = rotated(v15 ^ v0, 8);
    v10 = (v10 + v15) | 0;
    v5 = rotated(v5 ^ v10, 7);
    v1 = (v1 + v6 + word(words, at + 10)) | 0;
    v12 = rotated(v12 ^ v1, 16);
    v11 = (v11 + v12) | 0;
    v6 = rotated(v6 ^ v11, 12);
    v1 = (v1 + v6 + word(words, at + 11)) | 0;
    v12 = rotated(v12 ^ v1, 8);
    v11 = (v11 + v12) | 0;
    v6 = rotated(v6 ^ v11, 7);
    v2 = (v2 + v7 + word(words, at + 12)) | 0;
    v13 = rotated(v13 ^ v2, 16);
    v8 = (v8 + v13) | 0;
    v7 = rotated(v7 ^ v8, 12);
    v2 = (v2 + v7 + word(words, at + 13)) | 0;
    v13 = rotated(v13 ^ v2, 8);
    v8 = (v8 + v13) | 0;
    v7 = rotated(v7 ^ v8, 7);
    v3 = (v3 + v4 + word(words, at + 14)) | 0;
    v14 = rotated(v14 ^ v3, 16);
    v9 = (v9 + v14) | 0;
    v4 = rotated(v4 ^ v9, 12);
    v3 = (v3 + v4 + word(words, at + 15)) | 0;
    v14 = rotated(v14 ^ v3, 8);
    v9 = (v9 + v14) | 0;
    v4 = rotated(v4 ^ v9, 7);
  }
  value[0] = v0 ^ v8;
  value[1] = v1 ^ v9;
  value[2] = v2 ^ v10;
  value[3] = v3 ^ v11;
  value[4] = v4 ^ v12;
  value[5] = v5 ^ v13;
  value[6] = v6 ^ v14;
  value[7] = v7 ^ v15;
}

function word(words: Words, at: number): number {
  return words[SCHEDULE[at] ?? 0] ?? 0;
}

function rotated(bits: number, by: number): number {
  return (bits >>> by) | (bits << (32 - by));
}
