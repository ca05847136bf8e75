/** Writes GGUF parts as bytes, in either byte order. Every length can be a lie. */
export class GgufWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #little: boolean;

  constructor(littleEndian = true) {
    this.#little = littleEndian;
  }

  get size(): number {
    return this.#parts.reduce((sum, part) => sum + part.length, 0);
  }

  raw(bytes: Uint8Array | string): this {
    this.#parts.push(new Uint8Array(Buffer.from(bytes as string)));
    return this;
  }

  u32(value: number): this {
    const part = new DataView(new ArrayBuffer(4));
    part.setUint32(0, value, this.#little);
    return this.raw(new Uint8Array(part.buffer));
  }

  u64(value: number | bigint): this {
    const part = new DataView(new ArrayBuffer(8));
    part.setBigUint64(0, BigInt(value), this.#little);
    return this.raw(new Uint8Array(part.buffer));
  }

  text(value: string, length: number | bigint = Buffer.byteLength(value)): this {
    return this.u64(length).raw(value);
  }

  header(tensors: number | bigint, pairs: number | bigint, version = 3): this {
    return this.raw('GGUF').u32(version).u64(tensors).u64(pairs);
  }

  pairText(key: string, value: string): this {
    return this.text(key).u32(8).text(value);
  }

  pairU32(key: string, value: number): this {
    return this.text(key).u32(4).u32(value);
  }

  tensor(name: string, dimensions: readonly (number | bigint)[], type: number, offset: number | bigint): this {
    this.text(name).u32(dimensions.length);
    for (const size of dimensions) this.u64(size);
    return this.u32(type).u64(offset);
  }

  /** Pads to the alignment, then `bytes` of data. */
  data(bytes: Uint8Array | string, alignment = 32): this {
    return this.raw(new Uint8Array((alignment - (this.size % alignment)) % alignment)).raw(bytes);
  }

  done(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}
