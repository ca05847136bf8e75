import { malformed } from '../../core/errors.ts';
import { type Range, type Wire, LENGTH, MAX_MESSAGE_DEPTH, VARINT } from '../protobuf/wire.ts';
import type { TfNode, TfTensor } from './events.ts';
import { readShape, readTensor } from './tensor.ts';

const MAX_NAME = 512;
const MAX_TEXT = 4096;
const MAX_INPUTS = 1024;
const MAX_TEXTS = 256;

/** What the attributes of one node add up to. */
interface Attributes {
  readonly texts: Map<string, string[]>;
  readonly functions: string[];
  tensor: TfTensor | undefined;
  type: number;
  elements: number;
}

/** Reads a NodeDef. `visit` gets the bytes of every string it holds: a graph may lie in one. */
export function readNode(wire: Wire, range: Range, visit: (bytes: Range) => void): TfNode {
  const inputs: string[] = [];
  const attributes: Attributes = { texts: new Map(), functions: [], tensor: undefined, type: 0, elements: 1 };
  let name = '';
  let op = '';
  for (const field of wire.fields(range)) {
    if (field.wire !== LENGTH) continue;
    if (field.number === 1) name = wire.text(field, MAX_NAME);
    else if (field.number === 2) op = wire.text(field, MAX_NAME);
    else if (field.number === 3 && inputs.length < MAX_INPUTS) inputs.push(wire.text(field, MAX_NAME));
    else if (field.number === 5) readAttribute(wire, field, attributes, 1, visit);
  }
  return { name, op, inputs, ...attributes, offset: range.start };
}

/** An entry of the attribute map: its key and its AttrValue. */
function readAttribute(wire: Wire, range: Range, into: Attributes, depth: number, visit: (bytes: Range) => void): void {
  let key = '';
  const values: Range[] = [];
  for (const field of wire.fields(range)) {
    if (field.number === 1 && field.wire === LENGTH) key = wire.text(field, MAX_NAME);
    else if (field.number === 2 && field.wire === LENGTH) values.push(field);
  }
  for (const value of values) readValue(wire, value, key, into, depth, visit);
}

/** An AttrValue or the list inside one: both number texts, tensors and functions in their own way. */
function readValue(wire: Wire, range: Range, key: string, into: Attributes, depth: number, visit: (bytes: Range) => void): void {
  if (depth > MAX_MESSAGE_DEPTH) throw malformed('tensorflow: attributes nested too deeply', range.start);
  for (const field of wire.fields(range)) {
    if (field.number === 6 && field.wire === VARINT && key === 'dtype') into.type = field.value;
    if (field.wire !== LENGTH) continue;
    if (field.number === 1) readList(wire, field, key, into, depth + 1, visit);
    else if (field.number === 2) keepText(wire, field, key, into, visit);
    else if (field.number === 7 && key === 'shape') into.elements = readShape(wire, field);
    else if (field.number === 8) keepTensor(key, into, readTensor(wire, field, depth + 1, visit));
    else if (field.number === 10) readFunction(wire, field, into, depth + 1, visit);
  }
}

function readList(wire: Wire, range: Range, key: string, into: Attributes, depth: number, visit: (bytes: Range) => void): void {
  for (const field of wire.fields(range)) {
    if (field.wire !== LENGTH) continue;
    if (field.number === 2) keepText(wire, field, key, into, visit);
    else if (field.number === 8) keepTensor(key, into, readTensor(wire, field, depth + 1, visit));
    else if (field.number === 9) readFunction(wire, field, into, depth + 1, visit);
  }
}

/** A NameAttrList: a function by name, and attributes bound to it. */
function readFunction(wire: Wire, range: Range, into: Attributes, depth: number, visit: (bytes: Range) => void): void {
  for (const field of wire.fields(range)) {
    if (field.wire !== LENGTH) continue;
    if (field.number === 1 && into.functions.length < MAX_TEXTS) into.functions.push(wire.text(field, MAX_NAME));
    else if (field.number === 2) readAttribute(wire, field, into, depth + 1, visit);
  }
}

function keepText(wire: Wire, field: Range, key: string, { texts }: Attributes, visit: (bytes: Range) => void): void {
  visit(field);
  const list = texts.get(key) ?? [];
  if (list.length >= MAX_TEXTS || (list.length === 0 && texts.size >= MAX_TEXTS)) return;
  list.push(wire.text(field, MAX_TEXT));
  texts.set(key, list);
}

function keepTensor(key: string, into: Attributes, tensor: TfTensor): void {
  if (key !== 'value') return;
  const earlier = into.tensor;
  // A parser merges repeated messages: the strings of both count.
  into.tensor = earlier === undefined ? tensor : { ...tensor, strings: [...earlier.strings, ...tensor.strings] };
}
