import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { type Field, type Range, LENGTH, Wire, wholeRange } from '../protobuf/wire.ts';
import type { TfEvent, TfScope } from './events.ts';
import { readNode } from './node.ts';
import { type TfShape, isGraphBytes, shapesOf } from './shape.ts';

const MAX_NAME = 512;
/** Graphs inside strings inside graphs. */
const MAX_NESTED_GRAPHS = 16;
/** Shorter strings cannot hold a graph that does anything. */
const MIN_GRAPH_BYTES = 12;

/** Reads a SavedModel, MetaGraph, GraphDef or Keras metadata file in one pass, graphs inside of strings included. */
export function* readTensorFlow(source: ByteSource, budget: Budget): Generator<TfEvent> {
  const wire = new Wire(source, budget);
  const range = wholeRange(source);
  const reader = new Reader(wire);
  const shapes = shapesOf(wire, range);
  for (const shape of shapes.length === 0 ? (['saved-model'] as const) : shapes) yield* reader.file(range, shape);
}

class Reader {
  readonly #wire: Wire;
  #scopes = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  *file(range: Range, shape: TfShape): Generator<TfEvent> {
    if (shape === 'graph') yield* this.#graph(range, 'graph', 0);
    else if (shape === 'meta-graph') yield* this.#metaGraph(range);
    else yield* this.#records(range, shape);
  }

  *#records(range: Range, shape: TfShape): Generator<TfEvent> {
    for (const field of this.#lengths(range)) {
      if (shape === 'keras-metadata' && field.number === 1) yield* this.#kerasObject(field, 4, 5);
      else if (shape === 'saved-model' && field.number === 2) yield* this.#metaGraph(field);
    }
  }

  *#metaGraph(range: Range): Generator<TfEvent> {
    for (const field of this.#lengths(range)) {
      if (field.number === 1) yield* this.#description(field);
      else if (field.number === 2) yield* this.#graph(field, 'graph', 0);
      else if (field.number === 4) yield* this.#collection(field);
      else if (field.number === 5) yield* this.#signature(field);
      else if (field.number === 6) yield* this.#asset(field);
      else if (field.number === 7) yield* this.#objects(field);
    }
  }

  *#description(range: Range): Generator<TfEvent> {
    for (const field of this.#lengths(range)) {
      if (field.number === 4) yield { kind: 'tag', value: this.#text(field) };
      else if (field.number === 5) yield { kind: 'version', value: this.#text(field) };
    }
  }

  *#signature(range: Range): Generator<TfEvent> {
    for (const field of this.#lengths(range)) if (field.number === 1) yield { kind: 'signature', value: this.#text(field) };
  }

  *#asset(range: Range): Generator<TfEvent> {
    let tensor = '';
    let filename = '';
    for (const field of this.#lengths(range)) {
      if (field.number === 2) filename = this.#wire.text(field);
      if (field.number !== 1) continue;
      for (const part of this.#lengths(field)) if (part.number === 1) tensor = this.#text(part);
    }
    yield { kind: 'asset', tensor, filename, offset: range.start };
  }

  /** A collection of TF1: the one named `saved_model_assets` lists assets, each wrapped in an Any. */
  *#collection(range: Range): Generator<TfEvent> {
    let key = '';
    for (const field of this.#lengths(range)) {
      if (field.number === 1) key = this.#text(field);
      if (field.number !== 2 || key !== 'saved_model_assets') continue;
      for (const list of this.#lengths(field)) {
        if (list.number !== 5) continue;
        for (const any of this.#lengths(list)) for (const part of this.#lengths(any)) if (part.number === 2) yield* this.#asset(part);
      }
    }
  }

  /** The object graph of a TF2 SavedModel: up to TF 2.4 it carries the configurations of Keras. */
  *#objects(range: Range): Generator<TfEvent> {
    for (const node of this.#lengths(range)) {
      if (node.number !== 1) continue;
      for (const part of this.#lengths(node)) if (part.number === 4) yield* this.#kerasObject(part, 1, 3);
    }
  }

  *#kerasObject(range: Range, identifierNumber: number, metadataNumber: number): Generator<TfEvent> {
    let identifier = '';
    let metadata: Range | undefined;
    for (const field of this.#lengths(range)) {
      if (field.number === identifierNumber) identifier = this.#text(field);
      else if (field.number === metadataNumber && field.end > field.start) metadata = field;
    }
    if (metadata !== undefined) yield { kind: 'keras', identifier, metadata };
  }

  *#graph(range: Range, label: string, nesting: number): Generator<TfEvent> {
    if (nesting > MAX_NESTED_GRAPHS) throw malformed('tensorflow: graphs nested too deeply', range.start);
    const id = this.#scopes++;
    const scope: TfScope = { id, library: id, label };
    yield { kind: 'graph', scope };
    for (const field of this.#lengths(range)) {
      if (field.number === 1) yield* this.#node(field, scope, nesting);
      else if (field.number === 2) yield* this.#library(field, scope, nesting);
    }
  }

  *#library(range: Range, parent: TfScope, nesting: number): Generator<TfEvent> {
    for (const field of this.#lengths(range)) if (field.number === 1) yield* this.#function(field, parent, nesting);
  }

  *#function(range: Range, parent: TfScope, nesting: number): Generator<TfEvent> {
    const inputs: string[] = [];
    let name = '';
    const bodies: Field[] = [];
    for (const field of this.#lengths(range)) {
      if (field.number === 3) bodies.push(field);
      if (field.number !== 1) continue;
      for (const part of this.#lengths(field)) {
        if (part.number === 1) name = this.#text(part);
        else if (part.number === 2) inputs.push(this.#argument(part));
      }
    }
    const label = parent.label === 'graph' ? `function ${name}` : `function ${name} of ${parent.label}`;
    const scope: TfScope = { id: this.#scopes++, library: parent.library, functionName: name, label };
    yield { kind: 'function', scope, name, inputs };
    for (const body of bodies) yield* this.#node(body, scope, nesting);
  }

  #argument(range: Range): string {
    for (const field of this.#lengths(range)) if (field.number === 1) return this.#text(field);
    return '';
  }

  *#node(range: Range, scope: TfScope, nesting: number): Generator<TfEvent> {
    const graphs: Range[] = [];
    const node = readNode(this.#wire, range, (bytes) => {
      if (bytes.end - bytes.start >= MIN_GRAPH_BYTES && isGraphBytes(this.#wire, bytes)) graphs.push(bytes);
    });
    yield { kind: 'node', scope, node };
    for (const graph of graphs) yield* this.#graph(graph, `graph inside ${node.name} of ${scope.label}`, nesting + 1);
  }

  *#lengths(range: Range): Generator<Field> {
    for (const field of this.#wire.fields(range)) if (field.wire === LENGTH) yield field;
  }

  #text(range: Range): string {
    return this.#wire.text(range, MAX_NAME);
  }
}
