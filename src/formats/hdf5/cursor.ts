import { malformed, truncated } from '../../core/errors.ts';
import { latin1, utf8, viewOf } from '../bytes/read.ts';

/** Bytes an address and a length take in this file: 2, 4 or 8, by the superblock's own account. */
export interface FieldSizes {
  readonly offsets: number;
  readonly lengths: number;
}

/** Reads the little-endian fields of one HDF5 structure in order; running past its end is an error, never undefined. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sizes: FieldSizes;
  /** Position in bytes from the start of the structure. */
  position = 0;

  constructor(bytes: Uint8Array, sizes: FieldSizes) {
    this.bytes = bytes;
    this.#view = viewOf(bytes);
    this.#sizes = sizes;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** Moves past `count` bytes and says where they began. */
  skip(count: number): number {
    const start = this.position;
    if (!(count >= 0 && count <= this.remaining)) throw truncated(`HDF5 structure ends ${count - this.remaining} bytes early`);
    this.position += count;
    return start;
  }

  /** Moves to the next multiple of eight, as version 1 structures are padded; the last padding may be missing. */
  align(): void {
    this.position = Math.min(this.bytes.length, Math.ceil(this.position / 8) * 8);
  }

  u8(): number {
    return this.#view.getUint8(this.skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  /** An unsigned number of 1 to 8 bytes, exact at any size. */
  big(size: number): bigint {
    const start = this.skip(size);
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#view.getUint8(start + i));
    return value;
  }

  /** An unsigned number of 1 to 8 bytes. Why: a value past 2^53 cannot be a size or place in any real file. */
  uint(size: number): number {
    const value = this.big(size);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`HDF5 number too large: ${value}`);
    return Number(value);
  }

  /** A length field in bytes or items. */
  length(): number {
    return this.uint(this.#sizes.lengths);
  }

  /** A dimension; exact, because products of dimensions overflow. */
  dimension(): bigint {
    return this.big(this.#sizes.lengths);
  }

  /** A file address relative to the base address; undefined for "nothing stored" (all bits set). */
  address(): number | undefined {
    const value = this.big(this.#sizes.offsets);
    if (value === (1n << BigInt(8 * this.#sizes.offsets)) - 1n) return undefined;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`HDF5 address out of range: ${value}`);
    return Number(value);
  }

  /** An address that must be there. */
  definedAddress(): number {
    const address = this.address();
    if (address === undefined) throw malformed('HDF5 address is undefined where one is needed');
    return address;
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  /** `count` bytes of UTF-8 up to the first NUL. */
  text(count: number): string {
    const bytes = this.take(count);
    const end = bytes.indexOf(0);
    return utf8(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** NUL-terminated UTF-8. */
  terminated(): string {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) throw truncated('HDF5 string without its terminating NUL');
    const text = utf8(this.take(end - this.position));
    this.skip(1);
    return text;
  }

  /** Demands a four-byte signature. */
  expect(signature: string): void {
    const found = latin1(this.take(signature.length));
    if (found !== signature) throw malformed(`HDF5 signature ${signature} expected, found ${JSON.stringify(found)}`);
  }

  /** Demands one of the known versions of a structure. */
  version(name: string, ...known: readonly number[]): number {
    const version = this.u8();
    if (!known.includes(version)) throw malformed(`HDF5 ${name} version ${version} is unknown`);
    return version;
  }
}
