import { CordonError } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { bufferSource } from '../bytes/source.ts';
import { type Field, type Range, LENGTH, Wire, wholeRange } from './wire.ts';

/** How many fields of one message recognition keeps. */
const KEPT_FIELDS = 256;
/** How many fields it walks past. Why more: a parser skips fields it does not know, so a hostile file may begin with many. */
const WALKED_FIELDS = 50_000;

/** Field numbers of a message with their wire types. A known number with another wire type is an unknown field to parsers. */
export type KnownFields = Readonly<Record<number, number>>;

/** What recognition sees of a message: its first known fields. */
export interface Probe {
  readonly fields: readonly Field[];
  /** A field that reaches beyond the end: what a file cut short in the middle shows. Its payload ends where the bytes do. */
  readonly cut: Field | undefined;
  /** How many fields were walked that are not known. */
  readonly strange: number;
  readonly wire: Wire;
}

/**
 * The first fields of a file as a protobuf message, or undefined when the head is none. The head is tried first: asking a
 * compressed source for its size would inflate it to the end.
 */
export function probeFile(head: Uint8Array, source: ByteSource, known: KnownFields): Probe | undefined {
  if (head.length < 2 || !beginsLikeMessage(head)) return undefined;
  return probe(new Wire(source), wholeRange(source), known);
}

/** The first known fields of a nested message, or undefined when it has none. */
export function probe(wire: Wire, range: Range, known: KnownFields, limit = KEPT_FIELDS): Probe | undefined {
  const fields: Field[] = [];
  let cut: Field | undefined;
  let strange = 0;
  let end = range.start;
  try {
    for (const field of wire.fields(range)) {
      end = field.end;
      if (known[field.number] === field.wire) fields.push(field);
      else strange++;
      if (fields.length >= limit || strange >= WALKED_FIELDS) break;
    }
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    // What a parser refuses is no message; what ends early may be one that was cut.
    if (error.code !== 'format.truncated') return undefined;
    cut = cutField(wire, end, range.end, known);
  }
  return fields.length === 0 && cut === undefined ? undefined : { fields, cut, strange, wire };
}

function beginsLikeMessage(head: Uint8Array): boolean {
  const source = bufferSource(head);
  try {
    for (const _field of new Wire(source).fields(wholeRange(source)));
    return true;
  } catch (error) {
    return error instanceof CordonError && error.code === 'format.truncated';
  }
}

/** Some fields of one number, the one that was cut included. */
export function fieldsOf({ fields, cut }: Probe, number: number): Field[] {
  const found = fields.filter((field) => field.number === number);
  return cut?.number === number ? [...found, cut] : found;
}

/** The length-delimited field at `at`, its payload shortened to what is there. */
function cutField(wire: Wire, at: number, end: number, known: KnownFields): Field | undefined {
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
  if (tag === undefined || length === undefined || tag % 8 !== LENGTH || known[Math.floor(tag / 8)] !== LENGTH) return undefined;
  return { number: Math.floor(tag / 8), wire: LENGTH, value: 0, start: at + position, end };
}

/** True for a payload that is printable UTF-8, as names in models are; `limit` bytes of it are looked at. */
export function isName(wire: Wire, range: Range, limit = 256): boolean {
  const text = wire.text(range, limit);
  // A multi-byte character cut at the limit is no sign of bad text.
  const checked = range.end - range.start > limit ? text.replace(/\uFFFD{1,3}$/, '') : text;
  return !/[\0-\x08\x0e-\x1f\x7f\uFFFD]/.test(checked);
}
