import { type KnownFields, type Probe, fieldsOf, isName, probe, probeFile } from '../protobuf/probe.ts';
import { type Field, LENGTH, VARINT, type Wire } from '../protobuf/wire.ts';
import type { Signature } from '../signature.ts';

/** Versions of the specification so far end at 10; room is left for those to come. */
const MAX_VERSION = 64;

/** A CoreML model: a specification version, a description, and one kind of model with its high field number. */
export const coreml: Signature = {
  format: 'coreml',
  matches(head, source) {
    const found = probeFile(head, source, MODEL);
    return found !== undefined && isModel(found);
  },
};

/** Numbers of the kinds of models that the specification has. */
const KINDS = new Set([
  200, 201, 202, 300, 301, 302, 303, 304, 400, 401, 402, 403, 404, 500, 501, 502, 555, 556, 560, 600, 601, 602, 603, 604, 606, 607, 609,
  610, 900, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 3000,
]);

const MODEL: KnownFields = { 1: VARINT, 2: LENGTH, ...Object.fromEntries([...KINDS].map((kind) => [kind, LENGTH])) };
const DESCRIPTION: KnownFields = { 1: LENGTH, 10: LENGTH };
const FEATURE: KnownFields = { 1: LENGTH };

function isModel(found: Probe): boolean {
  const { wire } = found;
  const hasVersion = fieldsOf(found, 1).some(({ value }) => value >= 1 && value <= MAX_VERSION);
  const kinds = [...KINDS].flatMap((kind) => fieldsOf(found, kind));
  return hasVersion && kinds.length > 0 && fieldsOf(found, 2).some((description) => isDescription(wire, description));
}

/** ModelDescription: an input or an output with a name. */
function isDescription(wire: Wire, range: Field): boolean {
  const inner = probe(wire, range, DESCRIPTION, 32);
  return inner !== undefined && inner.fields.every((feature) => isFeature(wire, feature));
}

function isFeature(wire: Wire, range: Field): boolean {
  const inner = probe(wire, range, FEATURE, 1);
  const name = inner && fieldsOf(inner, 1)[0];
  return name !== undefined && isName(wire, name);
}
