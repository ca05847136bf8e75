import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { type Field, type Range, LENGTH, MAX_MESSAGE_DEPTH, VARINT, Wire, wholeRange } from '../protobuf/wire.ts';
import type { CoreMlEvent } from './events.ts';
import { readProgram } from './program.ts';

const PIPELINE_CLASSIFIER = 200;
const PIPELINE_REGRESSOR = 201;
const PIPELINE = 202;
const NEURAL_NETWORKS = new Set([303, 403, 500]);
const ML_PROGRAM = 502;
const CUSTOM_MODEL = 555;
const LINKED_MODEL = 556;
const CUSTOM_LAYER = 500;
const BRANCH_LAYER = 605;
const LOOP_LAYER = 615;
const METADATA: Readonly<Record<number, 'author' | 'licence' | 'version'>> = { 2: 'version', 3: 'author', 4: 'licence' };
const MAX_NAME = 1024;

/** Reads a CoreML model in one pass; weights are skipped by offset. */
export function* readCoreMl(source: ByteSource, budget: Budget): Generator<CoreMlEvent> {
  const wire = new Wire(source, budget);
  yield* readModel(wire, wholeRange(source), 0);
}

function* readModel(wire: Wire, range: Range, depth: number): Generator<CoreMlEvent> {
  if (depth > MAX_MESSAGE_DEPTH) throw malformed('coreml: models nested too deeply', range.start);
  for (const field of wire.fields(range)) {
    if (field.number === 1 && field.wire === VARINT && depth === 0) yield { kind: 'version', value: field.value };
    if (field.wire !== LENGTH) continue;
    if (field.number === 2 && depth === 0) yield* readDescription(wire, field);
    else if (field.number >= 200) yield* readKind(wire, field, depth + 1);
  }
}

function* readKind(wire: Wire, field: Field, depth: number): Generator<CoreMlEvent> {
  yield { kind: 'model', field: field.number };
  if (field.number === PIPELINE) yield* readPipeline(wire, field, depth);
  else if (field.number === PIPELINE_CLASSIFIER || field.number === PIPELINE_REGRESSOR) {
    for (const pipeline of lengths(wire, field, 1)) yield* readPipeline(wire, pipeline, depth);
  } else if (NEURAL_NETWORKS.has(field.number)) yield* readNetwork(wire, field, depth);
  else if (field.number === ML_PROGRAM) yield* readProgram(wire, field);
  else if (field.number === CUSTOM_MODEL)
    yield { kind: 'custom', what: 'model', className: textField(wire, field, 10), offset: field.start };
  else if (field.number === LINKED_MODEL) yield* readLinked(wire, field);
}

function* readPipeline(wire: Wire, range: Range, depth: number): Generator<CoreMlEvent> {
  for (const model of lengths(wire, range, 1)) yield* readModel(wire, model, depth + 1);
}

function* readNetwork(wire: Wire, range: Range, depth: number): Generator<CoreMlEvent> {
  if (depth > MAX_MESSAGE_DEPTH) throw malformed('coreml: networks nested too deeply', range.start);
  for (const layer of lengths(wire, range, 1)) {
    yield { kind: 'layer' };
    for (const field of wire.fields(layer)) {
      if (field.wire !== LENGTH) continue;
      if (field.number === CUSTOM_LAYER)
        yield { kind: 'custom', what: 'layer', className: textField(wire, field, 10), offset: field.start };
      else if (field.number === BRANCH_LAYER) {
        for (const branch of wire.fields(field)) if (branch.wire === LENGTH) yield* readNetwork(wire, branch, depth + 1);
      } else if (field.number === LOOP_LAYER) {
        for (const part of wire.fields(field)) {
          if (part.wire === LENGTH && part.number >= 3) yield* readNetwork(wire, part, depth + 1);
        }
      }
    }
  }
}

/** A linked model names a file and where to look for it. */
function* readLinked(wire: Wire, range: Range): Generator<CoreMlEvent> {
  for (const file of lengths(wire, range, 1)) {
    for (const part of wire.fields(file)) {
      if (part.wire === LENGTH && part.number <= 2) yield { kind: 'linked', path: textField(wire, part, 1), offset: part.start };
    }
  }
}

function* readDescription(wire: Wire, range: Range): Generator<CoreMlEvent> {
  for (const metadata of lengths(wire, range, 100)) {
    for (const field of wire.fields(metadata)) {
      const key = METADATA[field.number];
      if (key !== undefined && field.wire === LENGTH && field.end > field.start)
        yield { kind: 'metadata', key, value: wire.text(field, MAX_NAME) };
    }
  }
}

function* lengths(wire: Wire, range: Range, number: number): Generator<Field> {
  for (const field of wire.fields(range)) if (field.number === number && field.wire === LENGTH) yield field;
}

/** A text field of a message; the last one counts, as parsers have it. */
function textField(wire: Wire, range: Range, number: number): string {
  let value = '';
  for (const field of lengths(wire, range, number)) value = wire.text(field, MAX_NAME);
  return value;
}
