import { type Probe, isName, probe } from '../protobuf/probe.ts';
import { type Field, type Range, type Wire, LENGTH, VARINT } from '../protobuf/wire.ts';

/** Which of TensorFlow's messages a stretch of bytes is. */
export type TfShape = 'saved-model' | 'meta-graph' | 'graph' | 'keras-metadata';

/** How many nodes recognition looks at. */
const PROBED_NODES = 16;

/** Tells TensorFlow's messages apart by their first fields; undefined for everything else, other protobufs included. */
export function shapeOf(found: Probe): TfShape | undefined {
  if (isGraph(found)) return 'graph';
  if (isMetaGraph(found)) return 'meta-graph';
  if (isSavedModel(found)) return 'saved-model';
  return isKerasMetadata(found) ? 'keras-metadata' : undefined;
}

/** True for bytes inside a model that are a serialized GraphDef: what `DatasetFromGraph` and its like run. */
export function isGraphBytes(wire: Wire, range: Range): boolean {
  const first = wire.bytes(range, 1)[0];
  if (first !== 0x0a && first !== 0x12 && first !== 0x22) return false;
  const found = probe(wire, range);
  return found !== undefined && isGraph(found);
}

/** SavedModel: a schema version and meta graphs. */
function isSavedModel(found: Probe): boolean {
  const metas = lengthFields(found, 2);
  const version = found.fields.find((field) => field.number === 1);
  if (metas.length === 0 || (version !== undefined && (version.wire !== VARINT || version.value < 0 || version.value > 100))) return false;
  return metas.slice(0, 4).every((meta) => {
    const inner = probe(found.wire, meta, 32);
    return inner !== undefined && isMetaGraph(inner);
  });
}

/** MetaGraphDef: description, graph, saver, collections, signatures, assets, objects: all are messages. */
function isMetaGraph(found: Probe): boolean {
  if (found.fields.some(({ number, wire }) => number <= 7 && wire !== LENGTH)) return false;
  const graph = lengthFields(found, 2)[0];
  if (graph === undefined) return false;
  const inner = probe(found.wire, graph);
  return inner !== undefined && isGraph(inner);
}

/** Fields of a GraphDef that are messages. */
const GRAPH_MESSAGES = new Set([1, 2, 4, 5]);

/** GraphDef: nodes with attributes, or nodes beside a version or a function library. */
function isGraph(found: Probe): boolean {
  const { fields, wire } = found;
  if (fields.some(({ number, wire: type }) => GRAPH_MESSAGES.has(number) && type !== LENGTH)) return false;
  const nodes = lengthFields(found, 1).slice(0, PROBED_NODES);
  const judged = nodes.map((node) => nodeStrength(wire, node, node === found.cut));
  if (judged.some((strength) => strength === undefined)) return false;
  const libraries = lengthFields(found, 2).filter((library) => isLibrary(wire, library));
  const versions = fields.some((field) => field.number === 4 && isVersions(wire, field));
  if (nodes.length === 0) return libraries.length > 0;
  return judged.some((strength) => strength === 'strong') || versions || libraries.length > 0;
}

/** NodeDef: `strong` with a name, an operator and an attribute, `weak` without the attribute, undefined when it is none. */
function nodeStrength(wire: Wire, range: Range, cut: boolean): 'strong' | 'weak' | undefined {
  const inner = probe(wire, range, 64);
  if (inner === undefined) return undefined;
  const { fields } = inner;
  if (fields.some(({ number, wire: type }) => number <= 7 && type !== LENGTH)) return undefined;
  const op = fields.findLast((field) => field.number === 2);
  const text = fields.filter((field) => field.number <= 4);
  if (!text.every((field) => isName(wire, field))) return undefined;
  if (op === undefined) return cut ? 'weak' : undefined;
  if (!/^[A-Za-z_][\w.>/-]*$/.test(wire.text(op, 256))) return undefined;
  return fields.some((field) => field.number === 5 && isEntry(wire, field)) ? 'strong' : 'weak';
}

/** An entry of a map from text to messages. */
function isEntry(wire: Wire, range: Range): boolean {
  const fields = probe(wire, range, 3)?.fields ?? [];
  return fields.length > 0 && fields.every(({ number, wire: type }) => number <= 2 && type === LENGTH) && fields[0]?.number === 1;
}

/** FunctionDefLibrary: functions whose first field is a signature with a name. */
function isLibrary(wire: Wire, range: Range): boolean {
  const library = probe(wire, range, 4);
  const first = library?.fields.find((field) => field.number === 1) ?? library?.cut;
  const signature = first && probe(wire, first, 4)?.fields.find((field) => field.number === 1 && field.wire === LENGTH);
  const name = signature && probe(wire, signature, 4)?.fields.find((field) => field.number === 1 && field.wire === LENGTH);
  return name !== undefined && /^[A-Za-z_][\w.>/-]*$/.test(wire.text(name, 256));
}

/** VersionDef: numbers only, the producer first. */
function isVersions(wire: Wire, range: Range): boolean {
  const fields = probe(wire, range, 8)?.fields ?? [];
  return fields.length > 0 && fields.every(({ number, value }) => number <= 3 && value >= 0 && value < 100_000);
}

/** Keras metadata beside a SavedModel: objects with a path, an identifier and a JSON configuration. */
function isKerasMetadata(found: Probe): boolean {
  const { fields, wire } = found;
  if (fields.length === 0 || !fields.every((field) => field.number === 1 && field.wire === LENGTH)) return false;
  return fields.slice(0, 4).every((field) => {
    const inner = probe(wire, field, 8)?.fields ?? [];
    const identifier = inner.find((part) => part.number === 4 && part.wire === LENGTH);
    return identifier !== undefined && wire.text(identifier, 64).startsWith('_tf_keras_');
  });
}

function lengthFields({ fields, cut }: Probe, number: number): Field[] {
  const all = cut === undefined ? fields : [...fields, cut];
  return all.filter((field) => field.number === number && field.wire === LENGTH);
}
