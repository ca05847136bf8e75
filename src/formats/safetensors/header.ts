import type { Budget } from '../../core/budget.ts';
import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { readExactly, viewOf } from '../bytes/read.ts';
import { type JsonEvent, JsonReader } from '../json/reader.ts';
import { readTensor, type TensorEntry } from './tensor.ts';

/** Longest header that readers accept, in bytes. Why: the limit of the reference implementation against memory exhaustion. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Something that strict readers refuse although the header could be read. */
export interface Irregularity {
  readonly message: string;
  /** The key it is about. */
  readonly key: string;
  /** Byte offset in the file. */
  readonly offset: number;
}

/** One pair of `__metadata__`. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}

/** A safetensors header as it is written, before anything is believed of it. */
export interface SafetensorsHeader {
  /** Where the tensor buffer begins in the file. */
  readonly dataStart: number;
  readonly tensors: readonly TensorEntry[];
  readonly metadata: readonly MetadataEntry[];
  /** Keys that occur twice, on any level. */
  readonly duplicates: readonly Irregularity[];
  readonly irregularities: readonly Irregularity[];
}

/** The header length that the first eight bytes state, in bytes; may exceed any number of bytes that exist. */
export function statedHeaderLength(source: ByteSource): number {
  return Number(viewOf(readExactly(source, 0, 8)).getBigUint64(0, true));
}

/** Reads the header, and nothing of the buffer behind it: a file of 100 GB costs what its header costs. */
export function readHeader(source: ByteSource, budget: Budget): SafetensorsHeader {
  const length = statedHeaderLength(source);
  if (length > source.size - 8) throw truncated(`header of ${length} bytes in a file of ${source.size}`, 0);
  if (length > MAX_HEADER_BYTES) throw malformed(`header of ${length} bytes, more than ${MAX_HEADER_BYTES}`, 0);
  budget.checkBuffer(length);
  const bytes = readExactly(source, 8, length);
  if (bytes[0] !== 0x7b) throw malformed('header does not begin with {', 8);
  const reader = new JsonReader(bytes, { depth: 8 });
  const tensors: TensorEntry[] = [];
  const metadata: MetadataEntry[] = [];
  const duplicates: Irregularity[] = [];
  const irregularities: Irregularity[] = [];
  const notes = {
    duplicate: (key: string): unknown => duplicates.push({ key, message: `key ${quote(key)} occurs twice`, offset: 8 + reader.offset }),
    irregular: (key: string, message: string): unknown => irregularities.push({ key, message, offset: 8 + reader.offset }),
  };
  const names = new Set<string>();
  reader.next();
  for (let event = reader.next(); event === 'key'; event = reader.next()) {
    const name = reader.text;
    budget.charge('steps');
    if (names.has(name)) notes.duplicate(name);
    names.add(name);
    if (name === '__metadata__') {
      for (const entry of readMetadata(reader, notes)) metadata.push(entry);
    } else {
      const tensor = readTensor(reader, name, notes);
      if (tensor !== undefined) tensors.push(tensor);
    }
  }
  reader.next();
  return { dataStart: 8 + length, tensors, metadata, duplicates, irregularities };
}

/** Where a reader notes what is wrong without stopping. */
export interface HeaderNotes {
  duplicate(key: string): void;
  irregular(key: string, message: string): void;
}

function* readMetadata(reader: JsonReader, notes: HeaderNotes): Iterable<MetadataEntry> {
  const begun: JsonEvent = reader.next();
  if (begun !== 'object') {
    if (begun !== 'null') notes.irregular('__metadata__', '__metadata__ is not an object');
    reader.skip(begun);
    return;
  }
  const keys = new Set<string>();
  while (reader.next() === 'key') {
    const key = reader.text;
    if (keys.has(key)) notes.duplicate(key);
    keys.add(key);
    const event = reader.next();
    if (event === 'string') yield { key, value: reader.text };
    else notes.irregular(key, `metadata ${quote(key)} is not a string but ${event}`);
    reader.skip(event);
  }
}

/** A key for a message: quoted and cut. */
export function quote(key: string): string {
  return JSON.stringify(key.length > 120 ? `${key.slice(0, 120)}…` : key);
}
