import { type Probe, isName, probe, probeFile } from '../protobuf/probe.ts';
import { type Field, LENGTH, VARINT } from '../protobuf/wire.ts';
import type { Signature } from '../signature.ts';

/** Numbers of the text fields of a model: producer, its version, the domain, the documentation. */
const TEXT_FIELDS = new Set([2, 3, 4, 6]);
/** IR versions so far end at 14; room is left for those to come. */
const MAX_IR_VERSION = 64;

/**
 * An ONNX ModelProto: a graph that begins like one, beside an IR version or an operator set. Why not the IR version alone:
 * CoreML models and SavedModels begin with the same two bytes.
 */
export const onnx: Signature = {
  format: 'onnx',
  matches(head, source) {
    if (head.length < 4 || !mayBegin(head[0] ?? 0)) return false;
    const found = probeFile(source);
    return found !== undefined && isModel(found);
  },
};

function mayBegin(tag: number): boolean {
  return [0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72].includes(tag);
}

function isModel(found: Probe): boolean {
  const { fields, cut, wire } = found;
  const irVersion = fields.find((field) => field.number === 1 && field.wire === VARINT);
  if (irVersion && (irVersion.value < 1 || irVersion.value > MAX_IR_VERSION)) return false;
  if (fields.some((field) => field.number === 1 && field.wire !== VARINT)) return false;
  const texts = fields.filter((field) => TEXT_FIELDS.has(field.number));
  if (!texts.every((field) => field.wire === LENGTH && isName(wire, field))) return false;
  const graph = fields.find((field) => field.number === 7) ?? (cut?.number === 7 ? cut : undefined);
  if (graph?.wire !== LENGTH || !isGraph(found, graph)) return false;
  return irVersion !== undefined || fields.some((field) => field.number === 8 && isOpset(found, field));
}

/** GraphProto: its first fields are nodes, names, tensors or value descriptions, all length-delimited. */
function isGraph({ wire }: Probe, range: Field): boolean {
  const inner = probe(wire, range, 16);
  if (inner === undefined) return range.start === range.end;
  const fields = inner.cut ? [...inner.fields, inner.cut] : inner.fields;
  return (
    fields.every(({ number, wire: type }) => type === LENGTH && number <= 16) &&
    fields.every((field) => field.number !== 2 || isName(wire, field)) &&
    fields.some((field) => [1, 2, 5, 11, 12].includes(field.number)) &&
    fields.filter((field) => field.number === 1).every((field) => isNode(inner, field))
  );
}

/** NodeProto: inputs, outputs, name, operator, attributes, documentation, domain: all length-delimited. */
function isNode({ wire, cut }: Probe, range: Field): boolean {
  const inner = probe(wire, range, 64);
  if (inner === undefined) return false;
  const isCut = cut === range || inner.cut !== undefined;
  return (
    inner.fields.every(({ number, wire: type }) => type === LENGTH && number <= 16) &&
    (isCut || !inner.whole || inner.fields.some((field) => field.number === 4)) &&
    inner.fields.filter((field) => field.number <= 4).every((field) => isName(wire, field))
  );
}

function isOpset({ wire }: Probe, range: Field): boolean {
  const inner = probe(wire, range, 4);
  return (
    range.wire === LENGTH &&
    inner?.whole === true &&
    inner.fields.every(({ number, wire: type }) => (number === 1 && type === LENGTH) || (number === 2 && type === VARINT)) &&
    inner.fields.some(({ number, value }) => number === 2 && value > 0 && value < 10_000)
  );
}
