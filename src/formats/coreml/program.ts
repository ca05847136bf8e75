import { malformed } from '../../core/errors.ts';
import { type Range, type Wire, LENGTH, MAX_MESSAGE_DEPTH } from '../protobuf/wire.ts';
import type { CoreMlEvent } from './events.ts';

const MAX_NAME = 1024;

/** The messages of an ML program by what they hold: `field number -> kind of what it holds`. */
const PARTS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  program: { 2: 'function-entry', 4: 'value-entry' },
  'function-entry': { 2: 'function' },
  function: { 3: 'block-entry', 4: 'value-entry' },
  'block-entry': { 2: 'block' },
  block: { 3: 'operation', 4: 'value-entry' },
  operation: { 2: 'argument-entry', 4: 'block', 5: 'value-entry' },
  'argument-entry': { 2: 'argument' },
  argument: { 1: 'binding' },
  binding: { 2: 'value' },
  'value-entry': { 2: 'value' },
  value: { 3: 'immediate', 5: 'blob' },
  immediate: { 2: 'values', 3: 'values', 4: 'pairs' },
  values: { 1: 'value' },
  pairs: { 1: 'pair' },
  pair: { 1: 'value', 2: 'value' },
};

/** Reads an ML program: the weight files it names, and operations that custom code implements. */
export function readProgram(wire: Wire, range: Range): Generator<CoreMlEvent> {
  return readPart(wire, range, 'program', 0);
}

function* readPart(wire: Wire, range: Range, kind: string, depth: number): Generator<CoreMlEvent> {
  if (depth > MAX_MESSAGE_DEPTH) throw malformed('coreml: program nested too deeply', range.start);
  const parts = PARTS[kind];
  for (const field of wire.fields(range)) {
    if (field.wire !== LENGTH) continue;
    if (kind === 'blob' && field.number === 1) yield { kind: 'blob', path: wire.text(field, MAX_NAME), offset: field.start };
    else if (kind === 'operation' && field.number === 1) {
      const type = wire.text(field, MAX_NAME);
      if (type === 'custom_layer' || type.startsWith('custom_'))
        yield { kind: 'custom', what: 'operation', className: type, offset: field.start };
      else yield { kind: 'layer' };
    }
    const part = parts?.[field.number];
    if (part !== undefined) yield* readPart(wire, field, part, depth + 1);
  }
}
