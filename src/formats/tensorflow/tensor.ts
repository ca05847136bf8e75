import { malformed } from '../../core/errors.ts';
import { type Range, type Wire, LENGTH, MAX_MESSAGE_DEPTH, VARINT } from '../protobuf/wire.ts';
import { DT_STRING } from './data-types.ts';
import type { TfTensor } from './events.ts';

const MAX_STRINGS = 256;
const MAX_STRING = 4096;
const MAX_RANK = 254;

/** Reads a TensorProto without its numbers. `visit` gets the bytes of every string, however many there are. */
export function readTensor(wire: Wire, range: Range, depth: number, visit: (bytes: Range) => void): TfTensor {
  if (depth > MAX_MESSAGE_DEPTH) throw malformed('tensorflow: tensors nested too deeply', range.start);
  const strings: string[] = [];
  let type = 0;
  let elements = 1;
  let content: Range | undefined;
  let cut = false;
  const keep = (bytes: Range): void => {
    visit(bytes);
    cut ||= strings.length >= MAX_STRINGS || bytes.end - bytes.start > MAX_STRING;
    if (strings.length < MAX_STRINGS) strings.push(wire.text(bytes, MAX_STRING));
  };
  for (const field of wire.fields(range)) {
    if (field.number === 1 && field.wire === VARINT) type = field.value;
    if (field.wire !== LENGTH) continue;
    if (field.number === 2) elements = readShape(wire, field);
    else if (field.number === 4) content = field;
    else if (field.number === 8) keep(field);
    else if (field.number === 15) readVariant(wire, field, depth, visit);
  }
  if (type === DT_STRING && content !== undefined) for (const bytes of packedStrings(wire, content, elements)) keep(bytes);
  return { type, elements, strings, cut };
}

/** Number of elements of a TensorShapeProto; NaN when a dimension is unknown. */
export function readShape(wire: Wire, range: Range): number {
  let elements = 1;
  let rank = 0;
  for (const field of wire.fields(range)) {
    if (field.number === 3 && field.value !== 0) return Number.NaN;
    if (field.number !== 2 || field.wire !== LENGTH || ++rank > MAX_RANK) continue;
    let size = 0;
    for (const part of wire.fields(field)) if (part.number === 1 && part.wire === VARINT) size = part.value;
    elements = size < 0 ? Number.NaN : elements * size;
  }
  return elements;
}

/** A value of type variant: a dataset, for example, whose graph lies in the strings of its tensors. */
function readVariant(wire: Wire, range: Range, depth: number, visit: (bytes: Range) => void): void {
  for (const field of wire.fields(range)) {
    if (field.wire !== LENGTH) continue;
    if (field.number === 2) visit(field);
    else if (field.number === 3) readTensor(wire, field, depth + 1, visit);
  }
}

/** Strings in `tensor_content`: first all lengths as varints, then all bytes. */
function* packedStrings(wire: Wire, content: Range, elements: number): Generator<Range> {
  if (!(elements > 0) || elements > content.end - content.start) return;
  const lengths = { number: 1, wire: LENGTH, value: 0, ...content };
  const sizes = wire.integerList(lengths, elements);
  let at = content.start + sizes.reduce((sum, size) => sum + varintLength(size), 0);
  for (const size of sizes) {
    if (size < 0 || at + size > content.end) return;
    yield { start: at, end: at + size };
    at += size;
  }
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) length++;
  return length;
}
