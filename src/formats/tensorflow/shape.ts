import { type KnownFields, type Probe, fieldsOf, isName, probe } from '../protobuf/probe.ts';
import { type Range, type Wire, LENGTH, VARINT } from '../protobuf/wire.ts';

/** Which of TensorFlow's messages a stretch of bytes is. */
export type TfShape = 'saved-model' | 'meta-graph' | 'graph' | 'keras-metadata';

const L = LENGTH;
const SAVED_MODEL: KnownFields = { 1: VARINT, 2: L };
const META_GRAPH: KnownFields = { 1: L, 2: L, 3: L, 4: L, 5: L, 6: L, 7: L };
const GRAPH: KnownFields = { 1: L, 2: L, 3: VARINT, 4: L, 5: L };
const NODE: KnownFields = { 1: L, 2: L, 3: L, 4: L, 5: L, 6: L, 7: L };
const ENTRY: KnownFields = { 1: L, 2: L };
const FIRST: KnownFields = { 1: L };
const VERSIONS: KnownFields = { 1: VARINT, 2: VARINT, 3: VARINT };
const KERAS_OBJECT: KnownFields = { 2: VARINT, 3: L, 4: L, 5: L, 6: L };
/** How many nodes recognition looks at. */
const PROBED_NODES = 64;
const IDENTIFIER = /^[A-Za-z_][\w.>/-]*$/;

/**
 * All of TensorFlow's messages that the bytes can be read as; none for everything else, other protobufs included. Why all:
 * which one it is, is decided by whoever loads the file, and one file can be made to serve two of them.
 */
export function shapesOf(wire: Wire, range: Range): readonly TfShape[] {
  const shapes: TfShape[] = [];
  if (isGraph(wire, range)) shapes.push('graph');
  if (isMetaGraph(wire, range)) shapes.push('meta-graph');
  if (isSavedModel(wire, range)) shapes.push('saved-model');
  if (shapes.length === 0 && isKerasMetadata(wire, range)) shapes.push('keras-metadata');
  return shapes;
}

/** True for bytes inside a model that are a serialized GraphDef: what `DatasetFromGraph` and its like run. */
export function isGraphBytes(wire: Wire, range: Range): boolean {
  const first = wire.bytes(range, 1)[0] ?? 0;
  // Text is the common case, and most letters are no tag of a length-delimited field.
  return first % 8 !== 3 && first % 8 !== 4 && first % 8 < 6 && first >= 8 && isGraph(wire, range);
}

/** SavedModel: meta graphs, beside a schema version. */
function isSavedModel(wire: Wire, range: Range): boolean {
  const found = probe(wire, range, SAVED_MODEL);
  return (
    found !== undefined &&
    fieldsOf(found, 2)
      .slice(0, 16)
      .some((meta) => isMetaGraph(wire, meta))
  );
}

/** MetaGraphDef: a graph, among other messages. */
function isMetaGraph(wire: Wire, range: Range): boolean {
  const found = probe(wire, range, META_GRAPH);
  return (
    found !== undefined &&
    fieldsOf(found, 2)
      .slice(0, 16)
      .some((graph) => isGraph(wire, graph))
  );
}

/** GraphDef: nodes with attributes, or nodes beside a version, or a function library. */
function isGraph(wire: Wire, range: Range): boolean {
  const found = probe(wire, range, GRAPH);
  if (found === undefined) return false;
  const strengths = fieldsOf(found, 1)
    .slice(0, PROBED_NODES)
    .map((node) => nodeStrength(wire, node));
  if (strengths.includes('strong')) return true;
  const hasLibrary = fieldsOf(found, 2)
    .slice(0, 4)
    .some((library) => isLibrary(wire, library));
  if (strengths.length === 0) return hasLibrary;
  return strengths.includes('weak') && (hasLibrary || fieldsOf(found, 4).some((versions) => isVersions(wire, versions)));
}

/** NodeDef: `strong` with a name, an operator and an attribute, `weak` without the attribute, undefined when it is none. */
function nodeStrength(wire: Wire, range: Range): 'strong' | 'weak' | undefined {
  const inner = probe(wire, range, NODE);
  const op = inner && fieldsOf(inner, 2).at(-1);
  if (inner === undefined || op === undefined || !IDENTIFIER.test(wire.text(op, 256))) return undefined;
  if (!fieldsOf(inner, 1).every((name) => isName(wire, name))) return undefined;
  return fieldsOf(inner, 5).some((attribute) => isEntry(wire, attribute)) ? 'strong' : 'weak';
}

/** An entry of a map from names to messages. */
function isEntry(wire: Wire, range: Range): boolean {
  const inner = probe(wire, range, ENTRY, 8);
  const key = inner && fieldsOf(inner, 1)[0];
  return key !== undefined && IDENTIFIER.test(wire.text(key, 256));
}

/** FunctionDefLibrary: functions whose signature has a name. */
function isLibrary(wire: Wire, range: Range): boolean {
  let inner: Range | undefined = range;
  for (let level = 0; level < 3 && inner !== undefined; level++) {
    const found: Probe | undefined = probe(wire, inner, FIRST, 1);
    inner = found && fieldsOf(found, 1)[0];
  }
  return inner !== undefined && IDENTIFIER.test(wire.text(inner, 256));
}

/** VersionDef: small numbers only. */
function isVersions(wire: Wire, range: Range): boolean {
  const inner = probe(wire, range, VERSIONS, 8);
  return inner !== undefined && inner.strange === 0 && inner.fields.every(({ value }) => value >= 0 && value < 100_000);
}

/** Keras metadata beside a SavedModel: objects with a path, an identifier and a JSON configuration. */
function isKerasMetadata(wire: Wire, range: Range): boolean {
  const found = probe(wire, range, FIRST);
  return (
    found !== undefined &&
    fieldsOf(found, 1)
      .slice(0, 16)
      .some((object) => isKerasObject(wire, object))
  );
}

function isKerasObject(wire: Wire, range: Range): boolean {
  const inner = probe(wire, range, KERAS_OBJECT, 16);
  const identifier = inner && fieldsOf(inner, 4)[0];
  return identifier !== undefined && wire.text(identifier, 64).startsWith('_tf_keras_');
}
