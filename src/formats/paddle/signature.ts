import { type KnownFields, fieldsOf, isName, probe, probeFile } from '../protobuf/probe.ts';
import { type Range, type Wire, LENGTH, VARINT } from '../protobuf/wire.ts';
import type { Signature } from '../signature.ts';

const PROGRAM: KnownFields = { 1: LENGTH, 4: LENGTH, 5: LENGTH };
const BLOCK: KnownFields = { 1: VARINT, 2: VARINT, 3: LENGTH, 4: LENGTH, 5: VARINT };
const VARIABLE: KnownFields = { 1: LENGTH, 2: LENGTH };
const OPERATOR: KnownFields = { 1: LENGTH, 2: LENGTH, 3: LENGTH, 4: LENGTH };

/** A Paddle program: a block with its number, that of its parent, and variables or operators. */
export const paddle: Signature = {
  format: 'paddle',
  matches(head, source) {
    const found = probeFile(head, source, PROGRAM);
    return (
      found !== undefined &&
      fieldsOf(found, 1)
        .slice(0, 4)
        .some((block) => isBlock(found.wire, block))
    );
  },
};

function isBlock(wire: Wire, range: Range): boolean {
  const inner = probe(wire, range, BLOCK);
  if (inner === undefined) return false;
  const index = fieldsOf(inner, 1)[0]?.value ?? -1;
  const parent = fieldsOf(inner, 2)[0]?.value ?? -2;
  if (index < 0 || index > 100_000 || parent < -1 || parent > 100_000) return false;
  const isVariable = (field: Range): boolean => named(wire, field, VARIABLE, 1);
  return (
    fieldsOf(inner, 3).slice(0, 4).some(isVariable) ||
    fieldsOf(inner, 4)
      .slice(0, 4)
      .some((field) => named(wire, field, OPERATOR, 3))
  );
}

/** VarDesc has its name in field 1, OpDesc its type in field 3. */
function named(wire: Wire, range: Range, known: KnownFields, number: number): boolean {
  const inner = probe(wire, range, known, 64);
  const name = inner && fieldsOf(inner, number)[0];
  return name !== undefined && name.end > name.start && isName(wire, name);
}
