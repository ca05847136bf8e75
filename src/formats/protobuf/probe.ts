import { CordonError } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { type Field, type Range, LENGTH, Wire, wholeRange } from './wire.ts';

/** How many fields of one message recognition looks at. */
const PROBED_FIELDS = 256;

/** What recognition sees of a message: its first fields, and whether they are the whole of it. */
export interface Probe {
  readonly fields: readonly Field[];
  /** The message ended cleanly within the fields looked at. */
  readonly whole: boolean;
  /** A field that reaches beyond the end: what a file cut short in the middle shows. Its payload ends where the bytes do. */
  readonly cut: Field | undefined;
  readonly wire: Wire;
}

/** The first fields of a file as a protobuf message, or undefined when not even the first one is valid. */
export function probeFile(source: ByteSource): Probe | undefined {
  return probe(new Wire(source), wholeRange(source));
}

/** The first fields of a nested message, or undefined when not even the first one is valid. */
export function probe(wire: Wire, range: Range, limit = PROBED_FIELDS): Probe | undefined {
  const fields: Field[] = [];
  let whole = true;
  let cut: Field | undefined;
  try {
    for (const field of wire.fields(range)) {
      fields.push(field);
      if (fields.length >= limit) {
        whole = field.end === range.end;
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    whole = false;
    cut = error.code === 'format.truncated' ? cutField(wire, fields.at(-1)?.end ?? range.start, range.end) : undefined;
  }
  return fields.length === 0 && cut === undefined ? undefined : { fields, whole, cut, wire };
}

/** The length-delimited field at `at`, its payload shortened to what is there. */
function cutField(wire: Wire, at: number, end: number): Field | undefined {
  const bytes = wire.bytes({ start: at, end }, 15);
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  let position = 0;
  while (position < bytes.length && numbers.length < 2) {
    const byte = bytes[position++] ?? 0;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
    scale = 1;
  }
  const [tag, length] = numbers;
  if (tag === undefined || length === undefined || tag % 8 !== LENGTH || tag < 8) return undefined;
  return { number: Math.floor(tag / 8), wire: LENGTH, value: 0, start: at + position, end };
}

/** True when all fields have one of the numbers given, each with its wire type: `{1: VARINT, 2: LENGTH}`. */
export function onlyFields(fields: readonly Field[], allowed: Readonly<Record<number, number | readonly number[]>>): boolean {
  return fields.every(({ number, wire }) => {
    const wires = allowed[number];
    return wires !== undefined && (typeof wires === 'number' ? wires === wire : wires.includes(wire));
  });
}

/** True for a payload that is printable UTF-8, as names in models are; `limit` bytes of it are looked at. */
export function isName(wire: Wire, range: Range, limit = 256): boolean {
  const text = wire.text(range, limit);
  // A multi-byte character cut at the limit is no sign of bad text.
  const checked = range.end - range.start > limit ? text.replace(/\uFFFD{1,3}$/, '') : text;
  return !/[\0-\x08\x0e-\x1f\x7f\uFFFD]/.test(checked);
}
