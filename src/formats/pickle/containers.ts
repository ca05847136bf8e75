import { malformed } from '../../core/errors.ts';
import type { PickleListener } from './events.ts';
import { want } from './memo.ts';
import type { Stack } from './stack.ts';
import { type Container, type Value, weightOf } from './values.ts';

/** A traversal this large from this few opcodes is a "billion laughs" structure. */
const EXPANSION_WEIGHT = 1e9;
const EXPANSION_FACTOR = 1000;

/** Dict entries that array readers ask for; no others are kept. */
const ARRAY_STATE_KEYS: ReadonlySet<string> = new Set([
  'shape',
  'dtype',
  'order',
  'allow_mmap',
  'numpy_array_alignment_bytes',
  'subclass',
  'filename',
]);

/** Fills lists, dicts and sets of a stream, weighs them, and tells the listener of items that go to anything else. */
export class ContainerWriter {
  readonly #stack: Stack;
  readonly #listener: PickleListener;
  readonly #wanted: Set<number>;
  #expanded = false;

  constructor(stack: Stack, listener: PickleListener, wanted: Set<number>) {
    this.#stack = stack;
    this.#listener = listener;
    this.#wanted = wanted;
  }

  /** `LIST` and `FROZENSET`: a container of the objects above the last mark. */
  ofMarked(kind: 'list' | 'set'): Container {
    return { kind, weight: 1 + this.#stack.popMarkedWeight() };
  }

  /** `DICT`: a dict of the pairs above the last mark. */
  dictOfMarked(steps: number, offset: number): Container {
    const dict: Container = { kind: 'dict', weight: 1 };
    this.#setPairs(dict, steps, offset);
    return dict;
  }

  /** `APPEND`, `APPENDS` and `ADDITEMS`: the object on top grows by items of this weight. */
  grow(weight: number, opcode: 'APPEND' | 'ADD', steps: number, offset: number): void {
    const target = this.#stack.top();
    if (typeof target === 'object' && (target.kind === 'list' || target.kind === 'set')) {
      target.weight += weight;
      if (target.weight >= EXPANSION_WEIGHT) this.#expansion(target.weight, steps, offset);
    } else this.#write(target, opcode, offset);
  }

  /** `SETITEM`. */
  setItem(steps: number, offset: number): void {
    const value = this.#stack.pop();
    const key = this.#stack.pop();
    const target = this.#stack.top();
    if (typeof target === 'object' && target.kind === 'dict') this.#setEntry(target, key, value, steps, offset);
    else this.#write(target, 'SETITEM', offset);
  }

  /** `SETITEMS`. */
  setItems(steps: number, offset: number): void {
    const target = this.#stack.belowMark();
    if (typeof target === 'object' && target.kind === 'dict') return this.#setPairs(target, steps, offset);
    this.#stack.dropToMark();
    this.#write(target, 'SETITEM', offset);
  }

  #write(target: Value, opcode: 'SETITEM' | 'APPEND' | 'ADD', offset: number): void {
    want(this.#wanted, target);
    this.#listener.write(target, opcode, offset);
  }

  #setPairs(dict: Container, steps: number, offset: number): void {
    const count = this.#stack.eachPair((key, value) => this.#setEntry(dict, key, value, steps, offset));
    if (count % 2 !== 0) throw malformed('odd number of items for a dict', offset);
  }

  #setEntry(dict: Container, key: Value, value: Value, steps: number, offset: number): void {
    dict.weight += weightOf(key) + weightOf(value);
    if (dict.weight >= EXPANSION_WEIGHT) this.#expansion(dict.weight, steps, offset);
    if (typeof key === 'string' && ARRAY_STATE_KEYS.has(key)) (dict.entries ??= new Map()).set(key, value);
  }

  #expansion(weight: number, steps: number, offset: number): void {
    if (this.#expanded || weight < steps * EXPANSION_FACTOR) return;
    this.#expanded = true;
    this.#listener.oddity('expansion', `${steps} opcodes describe a structure of ${weight.toExponential(1)} objects`, offset);
  }
}
