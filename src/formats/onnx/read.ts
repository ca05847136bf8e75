import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { type Field, type Range, LENGTH, MAX_MESSAGE_DEPTH, VARINT, Wire, wholeRange } from '../protobuf/wire.ts';
import type { OnnxEvent } from './events.ts';
import { readEntry, readTensor } from './tensor.ts';

const MAX_NAME = 512;
const MAX_ATTRIBUTE_TEXT = 1024;
const MAX_ATTRIBUTES = 256;
const TEXT_FIELDS: Readonly<Record<number, 'producer' | 'producerVersion' | 'domain'>> = {
  2: 'producer',
  3: 'producerVersion',
  4: 'domain',
};

/** Reads an ONNX ModelProto in one pass; tensor data is skipped by offset. */
export function* readOnnx(source: ByteSource, budget: Budget): Generator<OnnxEvent> {
  yield* new Reader(new Wire(source, budget)).model(wholeRange(source));
}

class Reader {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  *model(range: Range): Generator<OnnxEvent> {
    for (const field of this.#wire.fields(range)) {
      if (field.wire === VARINT) {
        if (field.number === 1) yield { kind: 'header', field: 'irVersion', value: field.value };
        else if (field.number === 5) yield { kind: 'header', field: 'modelVersion', value: field.value };
      } else if (field.wire === LENGTH) yield* this.#modelField(field);
    }
  }

  *#modelField(field: Field): Generator<OnnxEvent> {
    const text = TEXT_FIELDS[field.number];
    if (text !== undefined) yield { kind: 'text', field: text, value: this.#wire.text(field, MAX_NAME) };
    else if (field.number === 7) yield* this.#graph(field, 1);
    else if (field.number === 8) yield* this.#opset(field);
    else if (field.number === 14) yield { kind: 'metadata', ...readEntry(this.#wire, field) };
    else if (field.number === 20) yield* this.#training(field);
    else if (field.number === 25) yield* this.#function(field);
  }

  *#graph(range: Range, depth: number): Generator<OnnxEvent> {
    if (depth > MAX_MESSAGE_DEPTH) throw malformed('onnx: graphs nested too deeply', range.start);
    for (const field of this.#wire.fields(range)) {
      if (field.wire !== LENGTH) continue;
      if (field.number === 1) yield* this.#node(field, depth + 1);
      else if (field.number === 2 && depth === 1) yield { kind: 'text', field: 'graph', value: this.#wire.text(field, MAX_NAME) };
      else if (field.number === 5) yield { kind: 'tensor', tensor: readTensor(this.#wire, field), where: 'initializer' };
      else if (field.number === 15) yield* this.#sparse(field, 'initializer');
    }
  }

  *#node(range: Range, depth: number): Generator<OnnxEvent> {
    const names = { name: '', opType: '', domain: '' };
    const strings = new Map<string, string>();
    const integers = new Map<string, number>();
    for (const field of this.#wire.fields(range)) {
      if (field.wire !== LENGTH) continue;
      if (field.number === 3) names.name = this.#wire.text(field, MAX_NAME);
      else if (field.number === 4) names.opType = this.#wire.text(field, MAX_NAME);
      else if (field.number === 7) names.domain = this.#wire.text(field, MAX_NAME);
      else if (field.number === 5) yield* this.#attribute(field, depth + 1, strings, integers);
    }
    yield { kind: 'node', node: { ...names, offset: range.start, strings, integers } };
  }

  *#attribute(range: Range, depth: number, strings: Map<string, string>, integers: Map<string, number>): Generator<OnnxEvent> {
    let name = '';
    let text: string | undefined;
    let integer: number | undefined;
    for (const field of this.#wire.fields(range)) {
      if (field.number === 3 && field.wire === VARINT) integer = field.value;
      if (field.wire !== LENGTH) continue;
      if (field.number === 1) name = this.#wire.text(field, MAX_NAME);
      else if (field.number === 4) text = this.#wire.text(field, MAX_ATTRIBUTE_TEXT);
      else if (field.number === 5 || field.number === 10) {
        yield { kind: 'tensor', tensor: readTensor(this.#wire, field), where: 'attribute' };
      } else if (field.number === 6 || field.number === 11) yield* this.#graph(field, depth + 1);
      else if (field.number === 22 || field.number === 23) yield* this.#sparse(field, 'attribute');
    }
    if (text !== undefined && strings.size < MAX_ATTRIBUTES) strings.set(name, text);
    if (integer !== undefined && integers.size < MAX_ATTRIBUTES) integers.set(name, integer);
  }

  /** A SparseTensorProto: its values and its indices are tensors of their own. */
  *#sparse(range: Range, where: 'initializer' | 'attribute'): Generator<OnnxEvent> {
    for (const field of this.#wire.fields(range)) {
      const isTensor = field.wire === LENGTH && (field.number === 1 || field.number === 2);
      if (isTensor) yield { kind: 'tensor', tensor: readTensor(this.#wire, field), where };
    }
  }

  *#opset(range: Range): Generator<OnnxEvent> {
    let domain = '';
    let version = 0;
    for (const field of this.#wire.fields(range)) {
      if (field.number === 1 && field.wire === LENGTH) domain = this.#wire.text(field, MAX_NAME);
      else if (field.number === 2 && field.wire === VARINT) version = field.value;
    }
    yield { kind: 'opset', domain, version };
  }

  *#training(range: Range): Generator<OnnxEvent> {
    for (const field of this.#wire.fields(range)) {
      if (field.wire === LENGTH && (field.number === 1 || field.number === 2)) yield* this.#graph(field, 2);
    }
  }

  *#function(range: Range): Generator<OnnxEvent> {
    let name = '';
    let domain = '';
    for (const field of this.#wire.fields(range)) {
      if (field.wire !== LENGTH) continue;
      if (field.number === 1) name = this.#wire.text(field, MAX_NAME);
      else if (field.number === 10) domain = this.#wire.text(field, MAX_NAME);
      else if (field.number === 7) yield* this.#node(field, 3);
      else if (field.number === 11) yield* this.#attribute(field, 3, new Map(), new Map());
    }
    yield { kind: 'function', domain, name };
  }
}
