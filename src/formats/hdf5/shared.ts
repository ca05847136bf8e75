import { CordonError, malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';
import { FractalHeap } from './fractal-heap.ts';
import { MESSAGE, type Message, readObjectHeader } from './object-header.ts';

const IN_HEAP = 1;

/** Messages that several objects share: kept in another object ("committed" datatypes) or in a heap of the file. */
export class SharedMessages {
  readonly #file: Hdf5File;
  readonly #heaps: readonly { readonly types: number; readonly heap: number }[];

  /** `extension` are the messages of the superblock extension, which names the heaps. */
  constructor(file: Hdf5File, extension: readonly Message[]) {
    this.#file = file;
    const table = extension.find((message) => message.type === MESSAGE.sharedTable);
    this.#heaps = table === undefined ? [] : readTable(file, file.over(table.body));
  }

  /** The body of a message, fetched from where it is if it is shared. */
  body(message: Message): Uint8Array {
    return message.shared ? this.resolve(this.#file.over(message.body), message.type) : message.body;
  }

  /** The body that a "shared message" structure points to. */
  resolve(cursor: Cursor, type: number): Uint8Array {
    const version = cursor.version('shared message', 1, 2, 3);
    const where = cursor.u8();
    if (version === 1) cursor.skip(6);
    if (version === 3 && where === IN_HEAP) return this.fromHeap(cursor.take(8), type);
    const found = readObjectHeader(this.#file, cursor.definedAddress()).find((message) => message.type === type);
    if (found === undefined || found.shared) throw malformed('HDF5 shared message is not where it should be');
    return found.body;
  }

  /** A message of `type` in the file-wide heap for such messages. */
  fromHeap(id: Uint8Array, type: number): Uint8Array {
    const entry = this.#heaps.find(({ types }) => (types & (1 << type)) !== 0);
    if (entry === undefined) throw new CordonError('format.unsupported', 'HDF5 shared message without a heap for its type');
    return new FractalHeap(this.#file, entry.heap).object(id);
  }
}

function readTable(file: Hdf5File, message: Cursor): { types: number; heap: number }[] {
  message.version('shared message table', 0);
  const address = message.definedAddress();
  const count = message.u8();
  const entryBytes = 14 + 2 * file.sizes.offsets;
  const table = file.cursor(address, 4 + count * entryBytes);
  table.expect('SMTB');
  return Array.from({ length: count }, () => {
    table.skip(2);
    const types = table.u16();
    table.skip(10 + file.sizes.offsets);
    return { types, heap: table.address() };
  }).flatMap(({ types, heap }) => (heap === undefined ? [] : [{ types, heap }]));
}
