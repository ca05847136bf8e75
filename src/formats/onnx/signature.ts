import { type KnownFields, type Probe, fieldsOf, isName, probe, probeFile } from '../protobuf/probe.ts';
import { type Range, type Wire, LENGTH, VARINT } from '../protobuf/wire.ts';
import type { Signature } from '../signature.ts';

const L = LENGTH;
const MODEL: KnownFields = { 1: VARINT, 2: L, 3: L, 4: L, 5: VARINT, 6: L, 7: L, 8: L, 14: L, 20: L, 25: L };
const GRAPH: KnownFields = { 1: L, 2: L, 5: L, 10: L, 11: L, 12: L, 13: L, 14: L, 15: L, 16: L };
const NODE: KnownFields = { 1: L, 2: L, 3: L, 4: L, 5: L, 6: L, 7: L, 8: L, 9: L, 10: L };
const OPSET: KnownFields = { 1: L, 2: VARINT };
/** Producer, its version, the domain, the documentation. */
const TEXTS = [2, 3, 4, 6];
/** IR versions so far end at 14; room is left for those to come. */
const MAX_IR_VERSION = 64;
const PROBED_NODES = 64;

/**
 * An ONNX ModelProto: a graph with nodes beside an IR version or an operator set, or a graph without nodes beside both. Why
 * not the IR version alone: CoreML models and SavedModels begin with the same two bytes.
 */
export const onnx: Signature = {
  format: 'onnx',
  matches(head, source) {
    const found = probeFile(head, source, MODEL);
    return found !== undefined && isModel(found);
  },
};

function isModel(found: Probe): boolean {
  const { wire } = found;
  const strengths = fieldsOf(found, 7).map((graph) => graphStrength(wire, graph));
  const hasVersion = fieldsOf(found, 1).some(({ value }) => value >= 1 && value <= MAX_IR_VERSION);
  const hasOpset = fieldsOf(found, 8).some((opset) => isOpset(wire, opset));
  if (strengths.some((strength) => strength === 'strong')) return hasVersion || hasOpset;
  const texts = TEXTS.flatMap((number) => fieldsOf(found, number));
  return (
    strengths.some((strength) => strength === 'weak') &&
    hasVersion &&
    (hasOpset || found.cut !== undefined) &&
    texts.every((text) => isName(wire, text))
  );
}

/** GraphProto: `strong` with a node, `weak` with only names, tensors or descriptions of values, undefined when it is none. */
function graphStrength(wire: Wire, range: Range): 'strong' | 'weak' | undefined {
  const inner = probe(wire, range, GRAPH);
  if (inner === undefined) return undefined;
  if (
    fieldsOf(inner, 1)
      .slice(0, PROBED_NODES)
      .some((node) => isNode(wire, node))
  )
    return 'strong';
  const rest = inner.fields.filter(({ number }) => number !== 10 && number !== 16);
  return inner.strange === 0 && rest.length > 0 && fieldsOf(inner, 2).every((name) => isName(wire, name)) ? 'weak' : undefined;
}

/** NodeProto: an operator by name, with inputs or outputs. */
function isNode(wire: Wire, range: Range): boolean {
  const inner = probe(wire, range, NODE);
  if (inner === undefined) return false;
  const operator = fieldsOf(inner, 4).at(-1);
  const names = [...fieldsOf(inner, 1), ...fieldsOf(inner, 2)];
  return (
    operator !== undefined &&
    names.length > 0 &&
    /^[A-Za-z_][\w.:>-]*$/.test(wire.text(operator, 256)) &&
    names.every((name) => isName(wire, name))
  );
}

function isOpset(wire: Wire, range: Range): boolean {
  const inner = probe(wire, range, OPSET, 4);
  return inner !== undefined && inner.strange === 0 && fieldsOf(inner, 2).some(({ value }) => value > 0 && value < 10_000);
}
