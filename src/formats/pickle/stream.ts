import type { Budget } from '../../core/budget.ts';
import type { CordonError } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import type { PickleListener } from './events.ts';
import { inlineArray, skipInlineArray } from './joblib.ts';
import { isStreamError, PickleMachine } from './machine.ts';
import { Memo } from './memo.ts';
import type { Stack } from './stack.ts';
import type { Value } from './values.ts';
import { Window } from './window.ts';

/** How one stream ended. */
export interface StreamEnd<Listener> {
  readonly listener: Listener;
  readonly start: number;
  /** Offset behind `STOP`, or of the opcode that broke the stream. */
  readonly end: number;
  readonly protocol: number;
  readonly steps: number;
  /** The object the stream leaves; undefined when it broke. */
  readonly result: Value | undefined;
  readonly error: CordonError | undefined;
}

/** Listeners for one stream: made anew for each pass. */
export interface StreamListeners<Listener extends PickleListener> {
  /** Hears the stream. */
  main(): Listener;
  /** Hears what a reader that does not know of inline arrays would execute in place of the array at `offset`. */
  shadow(main: Listener): PickleListener;
}

/** Passes over one stream. Why: the second keeps the memo entries that the first found to matter; a third is for entries behind these. */
const PASSES = 3;
/** Opcodes a shadow reading may run: numbers are no program, they break within a few. */
const SHADOW_STEPS = 1_000_000;
/** Objects of the stack given to it first. */
const SHADOW_STACK = 64;

/** Reads one pickle from `start` to its `STOP` or to where it breaks. Limits are thrown. */
export function readStream<Listener extends PickleListener>(
  source: ByteSource,
  start: number,
  listeners: StreamListeners<Listener>,
  budget: Budget,
): StreamEnd<Listener> {
  const wanted = new Set<number>();
  for (let pass = 1; ; pass++) {
    const { end, newlyWanted } = readOnce(new Window(source, start), listeners, budget, wanted);
    if (pass === PASSES || newlyWanted.size === 0) return end;
    for (const index of newlyWanted) wanted.add(index);
  }
}

function readOnce<Listener extends PickleListener>(
  window: Window,
  listeners: StreamListeners<Listener>,
  budget: Budget,
  wanted: ReadonlySet<number>,
): { end: StreamEnd<Listener>; newlyWanted: ReadonlySet<number> } {
  const start = window.offset;
  const listener = listeners.main();
  const machine = arrayReader(window, listener, () => listeners.shadow(listener), budget, wanted);
  let result: Value | undefined;
  let error: CordonError | undefined;
  try {
    result = machine.run();
  } catch (thrown) {
    if (!isStreamError(thrown)) throw thrown;
    error = thrown;
  }
  const newlyWanted = new Set([...machine.wanted].filter((index) => !wanted.has(index)));
  const end = error === undefined ? window.offset : machine.opcodeOffset;
  return { end: { listener, start, end, protocol: machine.protocol, steps: machine.steps, result, error }, newlyWanted };
}

/** A machine that knows of inline arrays: it moves over numbers and follows the pickle inside an array of objects. */
function arrayReader(
  window: Window,
  listener: PickleListener,
  shadow: () => PickleListener,
  budget: Budget,
  wanted: ReadonlySet<number>,
): PickleMachine {
  return new PickleMachine(window, listener, budget, new Memo(wanted), (machine, object, state) => {
    const array = inlineArray(object, state);
    if (array === undefined) return;
    machine.leaveFrame();
    if (array.length === undefined) {
      // An array of objects is a whole pickle of its own, in the middle of this one, with a memo of its own.
      arrayReader(window, listener, shadow, budget, wanted).run();
      return;
    }
    readShadow(machine, shadow(), budget);
    skipInlineArray(window, array);
  });
}

/**
 * Runs the bytes of an inline array as opcodes. Why: `joblib.load` reads numbers there, `pickle.load` reads a program; an
 * array that is a program hides it from whoever knows only the first reading.
 */
function readShadow(machine: PickleMachine, listener: PickleListener, budget: Budget): void {
  const isDeep = machine.stack.height > SHADOW_STACK;
  // Why the upper part first: numbers are no program, and copying a whole stack for each of many arrays costs more than reading them.
  if (runShadow(machine, machine.stack.clone(SHADOW_STACK), listener, budget) > SHADOW_STACK && isDeep)
    runShadow(machine, machine.stack.clone(), listener, budget);
}

/** Opcodes that it ran. */
function runShadow(machine: PickleMachine, stack: Stack, listener: PickleListener, budget: Budget): number {
  const window = new Window(machine.window.source, machine.window.offset);
  const shadow = new PickleMachine(window, listener, budget, new Memo(new Set(), machine.memo), undefined, stack);
  shadow.protocol = machine.protocol;
  try {
    shadow.run(SHADOW_STEPS);
    if (shadow.steps >= SHADOW_STEPS) listener.oddity('endless', 'array data reads as an endless stream of opcodes', window.offset);
  } catch (error) {
    if (!isStreamError(error)) throw error;
  }
  return shadow.steps;
}
