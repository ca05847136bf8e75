import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { type Field, type Range, LENGTH, VARINT, Wire, wholeRange } from '../protobuf/wire.ts';

const MAX_TEXT = 1024;
const MAX_TEXTS = 64;

/** An operator of a Paddle program, with its text attributes by name. */
export interface PaddleOperator {
  readonly type: string;
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly offset: number;
}

/** What a Paddle program holds, in the order of its bytes. */
export type PaddleEvent =
  | { readonly kind: 'operator'; readonly operator: PaddleOperator }
  | { readonly kind: 'variable' }
  | { readonly kind: 'version'; readonly value: number };

/** Reads a Paddle ProgramDesc in one pass. */
export function* readPaddle(source: ByteSource, budget: Budget): Generator<PaddleEvent> {
  const wire = new Wire(source, budget);
  for (const field of lengths(wire, wholeRange(source))) {
    if (field.number === 1) yield* readBlock(wire, field);
    else if (field.number === 4) {
      for (const part of wire.fields(field)) if (part.number === 1 && part.wire === VARINT) yield { kind: 'version', value: part.value };
    }
  }
}

function* readBlock(wire: Wire, range: Range): Generator<PaddleEvent> {
  for (const field of lengths(wire, range)) {
    if (field.number === 3) yield { kind: 'variable' };
    else if (field.number === 4) yield { kind: 'operator', operator: readOperator(wire, field) };
  }
}

function readOperator(wire: Wire, range: Range): PaddleOperator {
  const texts = new Map<string, string[]>();
  let type = '';
  for (const field of lengths(wire, range)) {
    if (field.number === 3) type = wire.text(field, MAX_TEXT);
    else if (field.number === 4 && texts.size < MAX_TEXTS) readAttribute(wire, field, texts);
  }
  return { type, texts, offset: range.start };
}

/** An attribute: its name, one text (5) or several (8). */
function readAttribute(wire: Wire, range: Range, texts: Map<string, string[]>): void {
  let name = '';
  const values: string[] = [];
  for (const field of lengths(wire, range)) {
    if (field.number === 1) name = wire.text(field, MAX_TEXT);
    else if ((field.number === 5 || field.number === 8) && values.length < MAX_TEXTS) values.push(wire.text(field, MAX_TEXT));
  }
  if (values.length > 0) texts.set(name, values);
}

function* lengths(wire: Wire, range: Range): Generator<Field> {
  for (const field of wire.fields(range)) if (field.wire === LENGTH) yield field;
}
