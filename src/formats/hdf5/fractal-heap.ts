import { CordonError, malformed } from '../../core/errors.ts';
import { walkBtreeV2 } from './btree-v2.ts';
import type { Hdf5File } from './file.ts';

const MAX_INDIRECTION = 32;

/** A fractal heap: where new-style groups keep many links and objects many or large attributes, found by heap id. */
export class FractalHeap {
  readonly #file: Hdf5File;
  readonly #filtered: boolean;
  readonly #idBytes: number;
  readonly #hugeTree: number | undefined;
  readonly #width: number;
  readonly #startBlock: number;
  readonly #maxDirect: number;
  readonly #maxHeapBits: number;
  readonly #maxManaged: number;
  readonly #root: number | undefined;
  readonly #rootRows: number;

  constructor(file: Hdf5File, address: number) {
    const { offsets, lengths } = file.sizes;
    const head = file.cursor(address, 22 + 12 * lengths + 3 * offsets);
    head.expect('FRHP');
    head.version('fractal heap', 0);
    this.#file = file;
    this.#idBytes = head.u16();
    this.#filtered = head.u16() > 0;
    head.skip(1);
    this.#maxManaged = head.u32();
    head.skip(lengths);
    this.#hugeTree = head.address();
    head.skip(9 * lengths + offsets);
    this.#width = head.u16();
    this.#startBlock = head.length();
    this.#maxDirect = head.length();
    this.#maxHeapBits = head.u16();
    head.skip(2);
    this.#root = head.address();
    this.#rootRows = head.u16();
    const sizes = [this.#startBlock, this.#maxDirect];
    if (this.#width === 0 || this.#maxHeapBits > 64 || sizes.some((size) => !Number.isInteger(Math.log2(size)))) {
      throw malformed('HDF5 fractal heap parameters', file.base + address);
    }
  }

  /** Bytes of the ids that name objects of this heap. */
  get idBytes(): number {
    return this.#idBytes;
  }

  /** The object with this id. */
  object(id: Uint8Array): Uint8Array {
    const kind = ((id[0] ?? 0) >> 4) & 3;
    if (kind === 0) return this.#managed(id);
    if (kind === 1) return this.#huge(id);
    return this.#tiny(id);
  }

  #managed(id: Uint8Array): Uint8Array {
    const offsetBytes = Math.ceil(this.#maxHeapBits / 8);
    const directBytes = Math.floor((Math.log2(this.#maxDirect) + 7) / 8);
    const lengthBytes = Math.min(directBytes, Math.floor(Math.log2(Math.max(1, this.#maxManaged)) / 8) + 1);
    const cursor = this.#file.over(id);
    cursor.skip(1);
    const offset = cursor.uint(offsetBytes);
    const length = cursor.uint(lengthBytes);
    if (this.#filtered) throw new CordonError('format.unsupported', 'HDF5 heap with compressed blocks');
    const block = this.#block(offset);
    if (offset + length > block.start + block.size) throw malformed('HDF5 heap object runs past its block');
    return this.#file.read(block.address + (offset - block.start), length);
  }

  /** The direct block that holds heap offset `offset`, found through the doubling table. */
  #block(offset: number): { address: number; start: number; size: number } {
    if (this.#root === undefined) throw malformed('HDF5 heap without blocks');
    let address = this.#root;
    let rows = this.#rootRows;
    let start = 0;
    if (rows === 0) return { address, start, size: this.#startBlock };
    for (let level = 0; level < MAX_INDIRECTION; level++) {
      const found = this.#entry(rows, offset - start);
      const child = this.#child(address, found);
      start += found.start;
      if (found.size <= this.#maxDirect) return { address: child, start, size: found.size };
      address = child;
      rows = Math.log2(found.size) - Math.log2(this.#startBlock * this.#width) + 1;
    }
    throw malformed('HDF5 heap is nested too deeply');
  }

  /** Row, column, size and start of the block that covers `offset` in an indirect block of `rows` rows. */
  #entry(rows: number, offset: number): { row: number; column: number; size: number; start: number } {
    let start = 0;
    for (let row = 0; row < rows; row++) {
      const size = this.#startBlock * 2 ** Math.max(0, row - 1);
      if (offset < start + size * this.#width) {
        const column = Math.floor((offset - start) / size);
        return { row, column, size, start: start + column * size };
      }
      start += size * this.#width;
    }
    throw malformed('HDF5 heap offset lies outside the heap');
  }

  #child(address: number, { row, column }: { row: number; column: number }): number {
    const { offsets } = this.#file.sizes;
    const header = 5 + offsets + Math.ceil(this.#maxHeapBits / 8);
    const signature = this.#file.cursor(address, 5);
    signature.expect('FHIB');
    const index = row * this.#width + column;
    return this.#file.cursor(address + header + index * offsets, offsets).definedAddress();
  }

  /** Objects too large for blocks: the id is an address, or a key in a B-tree of addresses. */
  #huge(id: Uint8Array): Uint8Array {
    const { offsets, lengths } = this.#file.sizes;
    if (this.#filtered) throw new CordonError('format.unsupported', 'HDF5 heap with compressed objects');
    const cursor = this.#file.over(id);
    cursor.skip(1);
    if (this.#idBytes - 1 >= offsets + lengths) return this.#file.read(cursor.definedAddress(), cursor.length());
    const key = cursor.big(Math.min(8, this.#idBytes - 1));
    if (this.#hugeTree === undefined) throw malformed('HDF5 heap without its index of large objects');
    for (const { type, record } of walkBtreeV2(this.#file, this.#hugeTree)) {
      if (type !== 1) throw malformed('HDF5 heap index of another type');
      const address = record.definedAddress();
      const length = record.length();
      if (record.big(lengths) === key) return this.#file.read(address, length);
    }
    throw malformed('HDF5 heap lacks a large object');
  }

  /** Objects so small that the id holds them. */
  #tiny(id: Uint8Array): Uint8Array {
    const extended = this.#idBytes - 1 > 16;
    const length = extended ? ((((id[0] ?? 0) & 15) << 8) | (id[1] ?? 0)) + 1 : ((id[0] ?? 0) & 15) + 1;
    const start = extended ? 2 : 1;
    if (start + length > id.length) throw malformed('HDF5 heap id is shorter than its object');
    return id.subarray(start, start + length);
  }
}
