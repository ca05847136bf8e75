import { createHash } from 'node:crypto';
import { errorMessage } from '../../core/errors.ts';
import type { Observation } from '../../core/finding.ts';
import type { ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { utf8 } from '../../formats/bytes/read.ts';
import { bufferSource } from '../../formats/bytes/source.ts';
import type { Attribute } from '../../formats/hdf5/attributes.ts';
import { searchCollections } from '../../formats/hdf5/collections.ts';
import type { Dataset } from '../../formats/hdf5/dataset.ts';
import type { Hdf5File } from '../../formats/hdf5/file.ts';
import type { GlobalHeap, HeapSpan } from '../../formats/hdf5/global-heap.ts';
import { isLocal } from '../../formats/hdf5/object.ts';
import { attributeTexts } from '../../formats/hdf5/text.ts';
import { readValues, variableLengthItems } from '../../formats/hdf5/values.ts';
import type { Hdf5RuleId } from './rules.ts';
import { shown } from './shown.ts';

/** Attributes Keras keeps a model in; they go to the Keras scanner whatever they look like. */
const KERAS_CONFIGS: ReadonlySet<string> = new Set(['model_config', 'training_config', 'layer_config']);
/** Attributes of the root that are facts about the model. */
const DECLARED: Readonly<Record<string, string>> = { keras_version: 'keras.version', backend: 'keras.backend' };
/** Values looked at in a dataset that is not declared to hold objects. Why: images and texts come in millions. */
const MAX_UNDECLARED = 1000;
/** Bytes of a chunked array of bytes that are put together. */
const MAX_BYTE_ARRAY = 16 * 1024 * 1024;

/** Hands the parts of an HDF5 file that other scanners understand to the engine: configurations, and pickles in any place. */
export class Handover {
  readonly heap: GlobalHeap;
  readonly #file: Hdf5File;
  readonly #source: ByteSource;
  readonly #context: ScanContext;
  /** Digests of what was handed over: PyTables repeats the same pickled attribute on every node. */
  readonly #done = new Set<string>();
  #searched = false;

  constructor(file: Hdf5File, heap: GlobalHeap, source: ByteSource, context: ScanContext) {
    this.#file = file;
    this.heap = heap;
    this.#source = source;
    this.#context = context;
  }

  /** Hands over string and binary attributes that hold a Keras configuration, JSON or a pickle. */
  *attributes(path: string, attributes: readonly Attribute[]): Generator<Observation<Hdf5RuleId>> {
    for (const attribute of attributes) {
      yield* this.#guarded(`${path}@${attribute.name}`, () => {
        for (const text of attributeTexts(this.#file, this.heap, attribute)) {
          const fact = path === '/' ? DECLARED[attribute.name] : undefined;
          if (fact !== undefined) this.#context.fact(fact, utf8(text.subarray(0, 40)), 'declared');
          const name = path === '/' ? `attrs/${attribute.name}` : `${path.slice(1)}/attrs/${attribute.name}`;
          if (KERAS_CONFIGS.has(attribute.name) || looksLoaded(text)) this.#give(name, text);
        }
      });
    }
  }

  /** Hands over values that are pickles: objects of PyTables and pandas, opaque blobs, strings and byte arrays. */
  *values(path: string, dataset: Dataset, attributes: readonly Attribute[]): Generator<Observation<Hdf5RuleId>> {
    const { type } = dataset;
    const objects = type.class === 'vlen' && this.#holdsObjects(attributes);
    const bytes = type.size === 1 && (type.class === 'integer' || type.class === 'bitfield');
    if (!objects && !bytes && type.class !== 'opaque' && type.class !== 'string' && type.class !== 'vlen') return;
    const borne = objects ? [] : ['format.unsupported'];
    yield* this.#guarded(
      path,
      () => {
        if (type.class === 'vlen') this.#variable(path, dataset, objects);
        else if (bytes) this.#byteArray(path, dataset);
        else this.#fixed(path, dataset);
      },
      borne,
    );
  }

  #holdsObjects(attributes: readonly Attribute[]): boolean {
    return attributes.some(
      (attribute) =>
        attribute.name === 'PSEUDOATOM' && [...attributeTexts(this.#file, this.heap, attribute)].some((text) => utf8(text) === 'object'),
    );
  }

  #variable(path: string, dataset: Dataset, objects: boolean): void {
    const itemBytes = dataset.type.text ? 1 : (dataset.type.base?.size ?? 0);
    if (itemBytes !== 1) return;
    let left = objects ? Infinity : MAX_UNDECLARED;
    const take = (span: HeapSpan): void => {
      left--;
      if (objects || looksLoaded(this.#ends(span))) this.#giveSpan(path.slice(1), span);
    };
    try {
      for (const block of readValues(this.#file, dataset)) {
        for (const span of variableLengthItems(this.#file, this.heap, block, itemBytes)) {
          take(span);
          if (left <= 0) return;
        }
      }
    } catch (error) {
      if (!objects || !isLocal(error) || error.code !== 'format.unsupported') throw error;
      if (this.#searched) return;
      this.#searched = true;
      left = Infinity;
      for (const span of searchCollections(this.#file, this.heap, this.#source)) {
        if (looksLoaded(this.#ends(span))) this.#giveSpan('global-heap', span);
      }
    }
  }

  /** Strings and blobs of fixed length. */
  #fixed(path: string, dataset: Dataset): void {
    let left = MAX_UNDECLARED;
    const { size } = dataset.type;
    for (const block of readValues(this.#file, dataset)) {
      for (let at = 0; size > 0 && at + size <= block.length; at += size) {
        const value = block.subarray(at, at + size);
        const end = value.findLastIndex((byte) => byte !== 0) + 1;
        if (looksLoaded(value.subarray(0, end))) this.#give(path.slice(1), value.subarray(0, end));
        if (--left <= 0) return;
      }
    }
  }

  /** An array of bytes can be a file of its own. */
  #byteArray(path: string, dataset: Dataset): void {
    const { layout, shape, externalFiles } = dataset;
    if (shape?.length !== 1 || externalFiles.length > 0) return;
    const length = Number(shape[0] ?? 0n);
    if (layout.kind === 'contiguous' && layout.address !== undefined) {
      const source = sliceSource(this.#source, this.#file.base + layout.address, length);
      const ends = Buffer.concat([source.read(0, 2), source.read(length - 1, 1)]);
      if (looksLoaded(ends)) this.#context.descend({ name: path.slice(1), source, role: 'opaque' });
      return;
    }
    const blocks: Uint8Array[] = [];
    let left = Math.min(length, MAX_BYTE_ARRAY);
    for (const block of readValues(this.#file, dataset)) {
      if (blocks.length === 0 && block[0] !== 0x80) return;
      blocks.push(block.subarray(0, left));
      left -= block.length;
      if (left <= 0) break;
    }
    if (blocks.length > 0) this.#context.descend({ name: path.slice(1), source: bufferSource(Buffer.concat(blocks)), role: 'opaque' });
  }

  /** First and last bytes of a value, enough to tell whether to hand it over. */
  #ends({ address, length }: HeapSpan): Uint8Array {
    const head = this.#file.read(address, Math.min(length, 16));
    if (length <= 16) return head;
    return Buffer.concat([head, this.#file.read(address + length - 1, 1)]);
  }

  #giveSpan(name: string, { address, length }: HeapSpan): void {
    if (length > 64 * 1024) {
      this.#context.descend({ name, source: sliceSource(this.#source, this.#file.base + address, length) });
    } else {
      this.#give(name, this.#file.read(address, length));
    }
  }

  #give(name: string, bytes: Uint8Array): void {
    const digest = createHash('sha256').update(bytes).digest('base64');
    if (this.#done.has(digest)) return;
    if (this.#done.size < 10_000) this.#done.add(digest);
    this.#context.descend({ name, source: bufferSource(bytes.slice()) });
  }

  /** `borne` are errors of no concern: numbers and texts in a compression that is not read here are no pickles. */
  *#guarded(path: string, action: () => void, borne: readonly string[] = []): Generator<Observation<Hdf5RuleId>> {
    try {
      action();
    } catch (error) {
      if (!isLocal(error)) throw error;
      if (borne.includes(error.code)) return;
      this.#context.inconclusive(`${path}: ${errorMessage(error)}`);
      yield { rule: 'hdf5.malformed', key: error.code, message: `The values of ${shown(path)} could not be read: ${errorMessage(error)}.` };
    }
  }
}

/**
 * Bytes that some loader would load as more than text: JSON, a pickle with its protocol mark, or anything that ends in a
 * full stop, which is what makes PyTables unpickle an attribute.
 */
function looksLoaded(bytes: Uint8Array): boolean {
  const first = bytes[0];
  if (first === 0x80) return (bytes[1] ?? 255) <= 5;
  return first === 0x7b || (bytes.length > 2 && bytes.at(-1) === 0x2e);
}
