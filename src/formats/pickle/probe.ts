import { Budget, Limits } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import type { PickleListener } from './events.ts';
import { isStreamError, PickleMachine } from './machine.ts';
import { Memo } from './memo.ts';
import type { Global, Value } from './values.ts';
import { Window } from './window.ts';

/** What a short run over some bytes says of them. */
export interface Probe {
  readonly steps: number;
  readonly stopped: boolean;
  readonly broken: boolean;
  readonly imports: number;
  readonly calls: number;
}

const PROBE_LIMITS = Limits.parse({});

/** Runs the machine over bytes that may or may not be a pickle, at most `maxSteps` opcodes far, and counts what it does. */
export function probe(source: ByteSource, offset: number, maxSteps: number): Probe {
  let imports = 0;
  let calls = 0;
  const listener: PickleListener = {
    import: (global) => void (imports += isPlausible(global) ? 1 : 0),
    // Why not others: numbers call numbers now and then; a program has to import what it calls first.
    call: (callee) => {
      calls += isImported(callee) ? 1 : 0;
      return undefined;
    },
    heeds: () => false,
    // Why: overwriting attributes or items of what was imported needs no call.
    build: (object) => void (calls += isImported(object) ? 1 : 0),
    write: (object) => void (calls += isImported(object) ? 1 : 0),
    computedName: (module, name) => void (imports += mayBeText(module) && mayBeText(name) ? 1 : 0),
    // Why nothing: what an extension code means is registered outside the file, and one byte of three in numbers reads like one.
    extension: () => undefined,
    persistent: () => undefined,
    bytes: () => undefined,
    text: () => undefined,
    oddity: () => undefined,
  };
  const machine = new PickleMachine(new Window(source, offset), listener, new Budget(PROBE_LIMITS), new Memo(new Set()));
  try {
    const result = machine.run(maxSteps);
    return { steps: machine.steps, stopped: result !== undefined, broken: false, imports, calls };
  } catch (error) {
    if (!isStreamError(error)) throw error;
    return { steps: machine.steps, stopped: false, broken: true, imports, calls };
  }
}

function isImported(object: Value): boolean {
  return typeof object === 'object' && object.kind === 'global' && isPlausible(object);
}

/**
 * Why: every few hundred MiB of numbers spell an import of a "module" that no import system could find. One letter does not
 * count: no module of that name comes with Python, and numbers spell it a hundred times as often as two.
 */
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]{1,199}$/u;

function isPlausible({ module, name }: Global): boolean {
  return NAME.test(module) && NAME.test(name);
}

/** Can this turn out to be a text while loading? Numbers, tuples and bytes cannot, and importing by them fails. */
function mayBeText(value: Value): boolean {
  if (typeof value === 'string') return NAME.test(value);
  return typeof value === 'object' && !NO_TEXTS.has(value.kind);
}

const NO_TEXTS: ReadonlySet<string> = new Set(['none', 'bool', 'extension', 'tuple', 'list', 'dict', 'set', 'global', 'bytes']);
