import { CordonError } from '../../core/errors.ts';
import { type Attribute, readAttribute } from './attributes.ts';
import { type Dataset, readDataset } from './dataset.ts';
import { readDense } from './dense.ts';
import type { Hdf5File } from './file.ts';
import { type Link, readLink } from './links.ts';
import { MESSAGE, type Message } from './object-header.ts';
import type { SharedMessages } from './shared.ts';
import { readSymbolTable } from './symbol-table.ts';

/** Reads the parts of objects: links of groups, attributes, the description of datasets. */
export class ObjectReader {
  readonly #file: Hdf5File;
  readonly #shared: SharedMessages;
  readonly #tablesRead = new Set<number>();

  constructor(file: Hdf5File, shared: SharedMessages) {
    this.#file = file;
    this.#shared = shared;
  }

  /** The dataset an object is; undefined when it is a group or a type. */
  dataset(messages: readonly Message[]): Dataset | undefined {
    return readDataset(this.#file, this.#shared, messages);
  }

  /** The attributes of an object, wherever they are kept. */
  *attributes(messages: readonly Message[]): Generator<Attribute> {
    for (const message of messages) {
      if (message.type === MESSAGE.attribute) {
        yield readAttribute(this.#file, this.#shared, this.#file.over(this.#shared.body(message)));
      } else if (message.type === MESSAGE.attributeInfo) {
        yield* this.#denseAttributes(message.body);
      }
    }
  }

  *#denseAttributes(info: Uint8Array): Generator<Attribute> {
    const cursor = this.#file.over(info);
    cursor.version('attribute info', 0);
    const flags = cursor.u8();
    if ((flags & 1) !== 0) cursor.skip(2);
    const heap = cursor.address();
    const byName = cursor.address();
    const byAge = (flags & 2) === 0 ? undefined : cursor.address();
    if (heap === undefined) return;
    for (const { body, shared } of readDense(this.#file, heap, [byName, byAge])) {
      const bytes = shared ? this.#shared.fromHeap(body, MESSAGE.attribute) : body;
      yield readAttribute(this.#file, this.#shared, this.#file.over(bytes));
    }
  }

  /**
   * The links of a group, wherever they are kept. Why a table is read once only: many hostile groups can share one, which
   * makes few bytes into endless work, and what is in it has been seen.
   */
  *links(messages: readonly Message[]): Generator<Link> {
    for (const message of messages) {
      if (message.type === MESSAGE.link) {
        yield readLink(this.#file.over(this.#shared.body(message)));
      } else if (message.type === MESSAGE.linkInfo) {
        yield* this.#denseLinks(message.body);
      } else if (message.type === MESSAGE.symbolTable) {
        const cursor = this.#file.over(message.body);
        const btree = cursor.definedAddress();
        if (this.#firstTime(btree)) yield* readSymbolTable(this.#file, btree, cursor.definedAddress());
      }
    }
  }

  *#denseLinks(info: Uint8Array): Generator<Link> {
    const cursor = this.#file.over(info);
    cursor.version('link info', 0);
    const flags = cursor.u8();
    if ((flags & 1) !== 0) cursor.skip(8);
    const heap = cursor.address();
    const byName = cursor.address();
    const byAge = (flags & 2) === 0 ? undefined : cursor.address();
    if (heap === undefined || !this.#firstTime(heap)) return;
    for (const { body } of readDense(this.#file, heap, [byName, byAge])) yield readLink(this.#file.over(body));
  }

  #firstTime(address: number): boolean {
    if (this.#tablesRead.has(address)) return false;
    this.#tablesRead.add(address);
    return true;
  }
}

/** True for errors that concern one structure, so that the rest can still be read; a limit concerns the whole scan. */
export function isLocal(error: unknown): error is CordonError {
  return error instanceof CordonError && error.code !== 'limit.reached';
}
