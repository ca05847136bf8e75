import { type Probe, isName, probe, probeFile } from '../protobuf/probe.ts';
import { type Field, LENGTH, VARINT } from '../protobuf/wire.ts';
import type { Signature } from '../signature.ts';

/** A Paddle program: blocks that begin with their number and that of their parent, then variables and operators. */
export const paddle: Signature = {
  format: 'paddle',
  matches(head, source) {
    if (head[0] !== 0x0a) return false;
    const found = probeFile(source);
    return found !== undefined && isProgram(found);
  },
};

function isProgram({ fields, cut, wire }: Probe): boolean {
  const all = cut === undefined ? fields : [...fields, cut];
  if (!all.every(({ number, wire: type }) => type === LENGTH && number >= 1 && number <= 5)) return false;
  const blocks = all.filter((field) => field.number === 1);
  return blocks.length > 0 && blocks.slice(0, 4).every((block) => isBlock({ fields, cut, wire, whole: true }, block));
}

function isBlock({ wire }: Probe, range: Field): boolean {
  const inner = probe(wire, range, 64);
  if (inner === undefined) return false;
  const [index, parent] = inner.fields;
  if (index?.number !== 1 || index.wire !== VARINT || index.value < 0 || index.value > 100_000) return false;
  if (parent?.number !== 2 || parent.wire !== VARINT || parent.value < -1 || parent.value > 100_000) return false;
  const rest = inner.cut === undefined ? inner.fields.slice(2) : [...inner.fields.slice(2), inner.cut];
  const variables = rest.filter(({ number, wire: type }) => (number === 3 || number === 4) && type === LENGTH);
  if (variables.length === 0 || !rest.every(({ number }) => number >= 3 && number <= 5)) return false;
  return variables.slice(0, 4).every((field) => isNamed(inner, field, field.number === 3 ? 1 : 3));
}

/** VarDesc has its name in field 1, OpDesc its type in field 3. */
function isNamed({ wire, cut }: Probe, range: Field, number: number): boolean {
  const inner = probe(wire, range, 64);
  const name = inner?.fields.find((field) => field.number === number);
  if (name === undefined) return range === cut || inner?.cut !== undefined;
  return name.wire === LENGTH && name.end > name.start && isName(wire, name);
}
