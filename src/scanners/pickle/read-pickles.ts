import type { ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import type { FileSubject } from '../../core/subject.ts';
import { bufferSource, sliceSource } from '../../formats/bytes/source.ts';
import { findStream } from '../../formats/pickle/find-stream.ts';
import { isLegacyMagic, type TorchStorage } from '../../formats/pickle/legacy-torch.ts';
import { decodeUnicodeLine } from '../../formats/pickle/text.ts';
import { probe } from '../../formats/pickle/probe.ts';
import { readStream, type StreamEnd } from '../../formats/pickle/stream.ts';
import { Analysis, type Payload, type PickleObservation } from './analysis.ts';

/** Distinct observations remembered so that stacked streams do not repeat them. */
const KEPT_OBSERVATIONS = 20_000;
/** Bytes searched for pickles behind junk. */
const SEARCHED_BYTES = 1024 * 1024 * 1024;
/** The legacy torch format: magic number, protocol, system, object, storage keys; raw storages follow. */
const LEGACY_STREAMS = 5;
const PROBE_STEPS = 2000;

/** Reads all pickles of a file: stacked ones, those behind junk, and what lies nested in their bytes. */
export function* readPickles(subject: FileSubject, context: ScanContext): Iterable<PickleObservation> {
  const { source } = subject;
  const imports = new Set<string>();
  const storages = new Map<string, TorchStorage>();
  let offset = 0;
  let streams = 0;
  let legacy = false;
  let isBroken = false;
  const told = new Set<string>();
  for (;;) {
    const start: number | undefined =
      streams === 0 && subject.format === 'pickle' ? 0 : nextStream(source, offset, streams, subject.format, context);
    if (start === undefined) break;
    const stream = readStream(source, start, { main: () => new Analysis(), shadow: (main) => shadowOf(main) }, context.budget);
    const isHidden = start > offset || (streams === 0 && subject.format !== 'pickle');
    streams++;
    const analysis = stream.listener;
    const isProgram = analysis.imports.size > 0 || analysis.calls > 0;
    if (isHidden && isProgram) {
      const message = `a pickle begins at byte ${start}, behind ${start - offset} bytes of other data`;
      yield { rule: 'pickle.hidden-stream', key: 'hidden', message, at: { offset: start } };
    }
    for (const observation of analysis.observations()) {
      const id = `${observation.rule} ${observation.key}`;
      if (told.has(id)) continue;
      if (told.size < KEPT_OBSERVATIONS) told.add(id);
      yield observation;
    }
    for (const name of analysis.imports.keys()) if (imports.size < KEPT_OBSERVATIONS) imports.add(name);
    for (const [key, storage] of analysis.storages) storages.set(key, storage);
    for (const payload of analysis.payloads) descend(payload, source, context);
    if (stream.error !== undefined) {
      // Why not: numbers that begin like a stream, behind other data or where numbers are expected, break off like one.
      if (isProgram || !(subject.opaque || isHidden)) yield* broken(stream, context);
      // Why one byte on: the search must not find the stream that just broke.
      offset = Math.max(stream.end, start + 1);
      isBroken = streams === 1 || isProgram;
      continue;
    }
    isBroken = false;
    offset = stream.end;
    legacy ||= streams === 1 && isLegacyMagic(stream.result);
    if (legacy && streams === LEGACY_STREAMS) offset = behindStorages(source, offset, storages, context);
  }
  if (!isBroken) yield* trailing(source, offset, subject, context);
  if (imports.size > 0) context.fact('pickle.imports', [...imports].toSorted().slice(0, 1000));
  recordTensors(storages, context);
}

/** Where the next pickle begins: right here, or behind junk; undefined when there is none. */
function nextStream(source: ByteSource, offset: number, streams: number, format: string, context: ScanContext): number | undefined {
  if (source.read(offset, 1).length === 0) return undefined;
  const { found, searchedAll } = findStream(source, offset, SEARCHED_BYTES, context.budget, streams > 0 && format === 'pickle');
  if (!searchedAll) context.inconclusive(`bytes after ${offset + SEARCHED_BYTES} were not searched for hidden pickles`);
  return found;
}

/** Observations of the program that hides in array data, told as one. */
function shadowOf(main: Analysis): Analysis {
  const shadow = new Analysis();
  const call = shadow.call.bind(shadow);
  shadow.call = (callee, args, via, offset) => {
    const result = call(callee, args, via, offset);
    const worst = shadow.observations().find(({ rule }) => rule !== 'pickle.unknown-class' && rule !== 'pickle.unknown-reference');
    if (worst !== undefined) main.observe('pickle.shadowed-opcodes', worst.key, `array data read as opcodes ${worst.message}`, offset);
    return result;
  };
  shadow.oddity = (kind, detail, offset) => {
    if (kind === 'endless') main.observe('pickle.shadowed-opcodes', kind, detail, offset);
  };
  return shadow;
}

function* broken(stream: StreamEnd<Analysis>, context: ScanContext): Iterable<PickleObservation> {
  const message = stream.error?.message ?? '';
  context.inconclusive(`pickle not read to its end: ${message}`);
  const rule = stream.listener.imports.size > 0 || stream.listener.calls > 0 ? 'pickle.broken-stream' : 'pickle.corrupt';
  yield { rule, key: 'broken', message: `the stream breaks at byte ${stream.end}: ${message}`, at: { offset: stream.end } };
}

function* trailing(source: ByteSource, offset: number, subject: FileSubject, context: ScanContext): Iterable<PickleObservation> {
  if (subject.format !== 'pickle' || subject.opaque) return;
  const rest = source.read(offset, 4096);
  if (rest.every((byte) => byte === 0)) return;
  yield { rule: 'pickle.trailing-data', key: 'trailing', message: `bytes follow the last pickle, from byte ${offset} on`, at: { offset } };
  context.descend({ name: '<trailing>', source: sliceSource(source, offset, Number.MAX_SAFE_INTEGER - offset), role: 'opaque' });
}

function descend(payload: Payload, source: ByteSource, context: ScanContext): void {
  const content = contentOf(payload, source, context);
  if (payload.keras) context.descend({ name: 'model.keras', source: content });
  else context.descend({ name: '<bytes>', source: content, role: 'opaque' });
}

function contentOf({ offset, length, encoding, content }: Payload, source: ByteSource, context: ScanContext): ByteSource {
  if (content !== undefined) return bufferSource(Buffer.from(content, 'latin1'));
  if (encoding === 'bytes') return sliceSource(source, offset, length);
  context.budget.checkBuffer(length);
  const bytes = Buffer.from(source.read(offset, length));
  const text = encoding === 'latin1' ? bytes.toString('utf8') : decodeUnicodeLine(bytes.toString('latin1'));
  return bufferSource(Buffer.from(text, 'latin1'));
}

/**
 * Moves over the raw storages of the legacy torch format. Why not always: who tampers with the counts, or puts a stream in
 * their place, would hide what lies there.
 */
function behindStorages(source: ByteSource, offset: number, storages: ReadonlyMap<string, TorchStorage>, context: ScanContext): number {
  const { imports, calls } = probe(source, offset, PROBE_STEPS);
  if (imports > 0 || calls > 0) return offset;
  const end = offset + storageBytes(storages);
  if (source.read(end - 1, 1).length > 0) return end;
  context.inconclusive('the storages of the model reach over the end of the file');
  return offset;
}

function storageBytes(storages: ReadonlyMap<string, TorchStorage>): number {
  const COUNT_FIELD = 8;
  let bytes = 0;
  for (const storage of storages.values()) bytes += COUNT_FIELD + storage.bytes;
  return bytes;
}

function recordTensors(storages: ReadonlyMap<string, TorchStorage>, context: ScanContext): void {
  if (storages.size === 0) return;
  const dtypes: Record<string, number> = {};
  let parameters = 0;
  for (const { type, elements } of storages.values()) {
    const dtype = type.replace(/Storage$/, '').toLowerCase();
    dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
    parameters += elements;
  }
  context.fact('tensors', { count: storages.size, parameters, dtypes });
}
