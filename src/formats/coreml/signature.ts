import { type Probe, isName, probe, probeFile } from '../protobuf/probe.ts';
import { type Field, LENGTH, VARINT, type Wire } from '../protobuf/wire.ts';
import type { Signature } from '../signature.ts';

/** Versions of the specification so far end at 10; room is left for those to come. */
const MAX_VERSION = 64;

/** A CoreML model: a specification version, a description, and one kind of model with its high field number. */
export const coreml: Signature = {
  format: 'coreml',
  matches(head, source) {
    if (head[0] !== 0x08 && head[0] !== 0x12) return false;
    const found = probeFile(source);
    return found !== undefined && isModel(found);
  },
};

/** Numbers of the kinds of models that the specification has. */
const KINDS = new Set([
  200, 201, 202, 300, 301, 302, 303, 304, 400, 401, 402, 403, 404, 500, 501, 502, 555, 556, 560, 600, 601, 602, 603, 604, 606, 607, 609,
  610, 900, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 3000,
]);

function isModel({ fields, cut, wire }: Probe): boolean {
  const all = cut === undefined ? fields : [...fields, cut];
  const version = fields.find((field) => field.number === 1);
  if (version?.wire !== VARINT || version.value < 1 || version.value > MAX_VERSION) return false;
  const known = all.every(({ number, wire: type }) => (number === 1 || number === 10 ? type === VARINT : type === LENGTH));
  const description = all.find((field) => field.number === 2);
  const isKind = all.some(({ number }) => KINDS.has(number));
  return known && isKind && description !== undefined && isDescription(wire, description);
}

/** ModelDescription: inputs, outputs, names, metadata: all length-delimited; an input or output has a name. */
function isDescription(wire: Wire, range: Field): boolean {
  const inner = probe(wire, range, 32);
  if (inner === undefined) return false;
  const features = inner.fields.filter(({ number }) => number === 1 || number === 10);
  return (
    inner.fields.every(({ number, wire: type }) => type === LENGTH && (number <= 21 || number === 50 || number === 100)) &&
    features.length > 0 &&
    features.every((feature) => {
      const name = probe(wire, feature, 8)?.fields[0];
      return name?.number === 1 && name.wire === LENGTH && isName(wire, name);
    })
  );
}
