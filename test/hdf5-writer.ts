/** One message of an object header: its type and its body. */
export interface Hdf5Message {
  readonly type: number;
  readonly body: Uint8Array;
}

type Part = number | bigint | string | Uint8Array;

/** Bytes from parts: a number is one byte, a bigint eight (little-endian), a string Latin-1. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.from([part]);
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      if (typeof part !== 'bigint') return Buffer.from(part);
      const buffer = Buffer.alloc(8);
      buffer.writeBigUInt64LE(part);
      return buffer;
    }),
  );
}

/** A number in `size` bytes, little-endian. */
export function little(value: number, size: 2 | 4): Uint8Array {
  const buffer = Buffer.alloc(size);
  buffer.writeUIntLE(value, 0, size);
  return buffer;
}

const UNDEFINED = 0xffff_ffff_ffff_ffffn;

/** Datatypes: 32-bit float, unsigned byte, string of a fixed length, bytes of variable length. */
export const FLOAT32 = bytes(0x11, 0x20, 31, 0, little(4, 4), little(0, 2), little(32, 2), 23, 8, 0, 23, little(127, 4));
export const UINT8 = bytes(0x10, 0, 0, 0, little(1, 4), little(0, 2), little(8, 2));
export const VLEN_UINT8 = bytes(0x19, 0, 0, 0, little(16, 4), UINT8);
export const fixedString = (length: number): Uint8Array => bytes(0x13, 0, 0, 0, little(length, 4));

/** A dataspace; no dimensions for a scalar. */
export function dataspace(...dimensions: readonly bigint[]): Uint8Array {
  return bytes(2, dimensions.length, 0, dimensions.length === 0 ? 0 : 1, ...dimensions);
}

/** Messages, as the HDF5 File Format Specification version 3 spells them. */
export const message = {
  link: (name: string, address: bigint): Hdf5Message => ({ type: 0x06, body: bytes(1, 0, name.length, name, address) }),
  softLink: (name: string, target: string): Hdf5Message => ({
    type: 0x06,
    body: bytes(1, 8, 1, name.length, name, little(target.length, 2), target),
  }),
  externalLink: (name: string, file: string, target: string): Hdf5Message => ({
    type: 0x06,
    body: bytes(1, 8, 64, name.length, name, little(file.length + target.length + 3, 2), 0, file, 0, target, 0),
  }),
  userLink: (name: string, type: number): Hdf5Message => ({ type: 0x06, body: bytes(1, 8, type, name.length, name, little(0, 2)) }),
  attribute: (name: string, value: string | Uint8Array): Hdf5Message => {
    const type = fixedString(value.length);
    const space = dataspace();
    const head = bytes(3, 0, little(name.length + 1, 2), little(type.length, 2), little(space.length, 2), 0);
    return { type: 0x0c, body: bytes(head, name, 0, type, space, value) };
  },
  datatype: (body: Uint8Array): Hdf5Message => ({ type: 0x03, body }),
  dataspace: (...dimensions: readonly bigint[]): Hdf5Message => ({ type: 0x01, body: dataspace(...dimensions) }),
  contiguous: (address: bigint, size: bigint): Hdf5Message => ({ type: 0x08, body: bytes(3, 1, address, size) }),
  nothingStored: (size: bigint): Hdf5Message => ({ type: 0x08, body: bytes(3, 1, UNDEFINED, size) }),
  /** Chunked and indexed by a version 1 B-tree without chunks. */
  chunked: (...chunk: readonly number[]): Hdf5Message => ({
    type: 0x08,
    body: bytes(3, 2, chunk.length + 1, UNDEFINED, ...chunk.map((size) => little(size, 4)), little(4, 4)),
  }),
  virtual: (heap: bigint, item: number): Hdf5Message => ({ type: 0x08, body: bytes(4, 3, heap, little(item, 4)) }),
  filter: (id: number, name: string): Hdf5Message => ({
    type: 0x0b,
    body: bytes(2, 1, little(id, 2), little(name.length + 1, 2), little(0, 2), little(0, 2), name, 0),
  }),
  externalFiles: (heap: bigint, nameOffset: bigint, size: bigint): Hdf5Message => ({
    type: 0x07,
    body: bytes(1, 0, 0, 0, little(1, 2), little(1, 2), heap, nameOffset, 0n, size),
  }),
} as const;

/** Puts an HDF5 file together piece by piece, in the newest format, where every structure is plain and small. */
export class Hdf5Writer {
  readonly #pieces: Uint8Array[] = [];
  #end = 48;

  /** Adds a piece and says where it is. */
  add(piece: Uint8Array): bigint {
    const padded = bytes(piece, new Uint8Array((8 - (piece.length % 8)) % 8));
    const address = BigInt(this.#end);
    this.#pieces.push(padded);
    this.#end += padded.length;
    return address;
  }

  /** Adds an object made of these messages. */
  object(...messages: readonly Hdf5Message[]): bigint {
    const body = bytes(...messages.flatMap(({ type, body: content }) => [type, little(content.length, 2), 0, content]));
    const header = bytes('OHDR', 2, 2, little(body.length, 4), body);
    return this.add(bytes(header, little(checksum(header), 4)));
  }

  /** Adds a group without links in dense storage. */
  group(...links: readonly Hdf5Message[]): bigint {
    return this.object({ type: 0x02, body: bytes(0, 0, UNDEFINED, UNDEFINED) }, { type: 0x0a, body: bytes(0, 0) }, ...links);
  }

  /** Adds a local heap with one name at offset 8. */
  localHeap(name: string): bigint {
    const data = bytes(0n, name, new Uint8Array(8 - (name.length % 8)));
    const address = this.add(data);
    return this.add(bytes('HEAP', 0, 0, 0, 0, BigInt(data.length), 1n, address));
  }

  /** Adds a global heap collection; objects are numbered from 1. */
  globalHeap(...objects: readonly Uint8Array[]): bigint {
    const body = bytes(
      ...objects.map((object, i) =>
        bytes(little(i + 1, 2), little(1, 2), little(0, 4), BigInt(object.length), object, new Uint8Array((8 - (object.length % 8)) % 8)),
      ),
    );
    const size = Math.max(4096, body.length + 32);
    const rest = bytes(little(0, 2), little(0, 2), little(0, 4), BigInt(size - 16 - body.length));
    const whole = bytes('GCOL', 1, 0, 0, 0, BigInt(size), body, rest);
    return this.add(bytes(whole, new Uint8Array(size - whole.length)));
  }

  /** The file, with `root` as its root group. */
  finish(root: bigint): Uint8Array {
    const superblock = bytes('\x89HDF\r\n\x1a\n', 2, 8, 8, 0, 0n, UNDEFINED, BigInt(this.#end), root);
    return bytes(superblock, little(checksum(superblock), 4), ...this.#pieces);
  }
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** Bob Jenkins' lookup3, which HDF5 puts behind its metadata. */
export function checksum(key: Uint8Array): number {
  let [a, b, c] = [0xdeadbeef + key.length, 0xdeadbeef + key.length, 0xdeadbeef + key.length];
  const word = (at: number): number => (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16) | ((key[at + 3] ?? 0) << 24);
  let at = 0;
  for (; key.length - at > 12; at += 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  return ((c ^ b) - rotate(b, 24)) >>> 0;
}
