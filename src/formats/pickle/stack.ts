import { limitReached } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import { type Tuple, TUPLE_ITEMS, type Value, weightOf } from './values.ts';

/** Objects on the stack at once. Why: picklers flush every 1000 items, only a tuple keeps more; this many take 64 MiB. */
const STACK_LIMIT = 8_000_000;

/** The pickle stack with its marks. Nothing below the last mark can be popped, as in CPython. */
export class Stack {
  #values: Value[] = [];
  #marks: number[] = [];

  /** Number of objects. */
  get height(): number {
    return this.#values.length;
  }

  /** A stack with the same objects and marks, or with the upper `height` of them. */
  clone(height = Infinity): Stack {
    const copy = new Stack();
    const cut = Math.max(0, this.#values.length - height);
    copy.#values = this.#values.slice(cut);
    copy.#marks = this.#marks.filter((mark) => mark >= cut).map((mark) => mark - cut);
    return copy;
  }

  push(value: Value): void {
    if (this.#values.length >= STACK_LIMIT) throw limitReached('steps', STACK_LIMIT);
    this.#values.push(value);
  }

  pop(): Value {
    if (this.#values.length <= this.#fence()) throw underflow();
    return this.#values.pop() as Value;
  }

  top(): Value {
    if (this.#values.length <= this.#fence()) throw underflow();
    return this.#values[this.#values.length - 1] as Value;
  }

  mark(): void {
    if (this.#marks.length >= STACK_LIMIT) throw limitReached('steps', STACK_LIMIT);
    this.#marks.push(this.#values.length);
  }

  /** `POP`: on a stack that is empty down to its mark it takes the mark. */
  popOrUnmark(): void {
    if (this.#marks.length > 0 && this.#values.length === this.#fence()) this.#marks.pop();
    else this.pop();
  }

  /** Drops everything above the last mark, and the mark. */
  dropToMark(): void {
    this.#values.length = this.#takeMark();
  }

  /** The object right below the last mark: the container that marked items go to. */
  belowMark(): Value {
    const mark = this.#marks.at(-1);
    if (mark === undefined) throw malformed('no mark on the stack');
    const fence = this.#marks.at(-2) ?? 0;
    if (mark <= fence) throw underflow();
    return this.#values[mark - 1] as Value;
  }

  /** The objects above the last mark as a tuple; takes them and the mark. */
  popMarkedTuple(): Tuple {
    return this.#tuple(this.#takeMark());
  }

  /** `OBJ`: the first object above the mark is the class, the rest its arguments. */
  popMarkedCall(): { first: Value; rest: Tuple } {
    const start = this.#takeMark();
    if (this.#values.length <= start) throw underflow();
    const rest = this.#tuple(start + 1);
    return { first: this.pop(), rest };
  }

  /** The summed weight of the objects above the last mark; takes them and the mark. */
  popMarkedWeight(): number {
    const start = this.#takeMark();
    const values = this.#values;
    let weight = 0;
    for (let i = start; i < values.length; i++) weight += weightOf(values[i] as Value);
    values.length = start;
    return weight;
  }

  /** Visits the objects above the last mark in pairs, takes them and the mark; returns how many objects there were. */
  eachPair(visit: (key: Value, value: Value) => void): number {
    const start = this.#takeMark();
    const values = this.#values;
    const count = values.length - start;
    for (let i = start; i + 1 < values.length; i += 2) visit(values[i] as Value, values[i + 1] as Value);
    values.length = start;
    return count;
  }

  /** Replaces the top `length` objects by a tuple of them. */
  pushTuple(length: number): void {
    if (this.#values.length - this.#fence() < length) throw underflow();
    this.push(this.#tuple(this.#values.length - length));
  }

  #tuple(start: number): Tuple {
    const values = this.#values;
    const length = values.length - start;
    const items = values.slice(start, start + Math.min(length, TUPLE_ITEMS));
    let weight = 1;
    for (let i = start; i < values.length; i++) weight += weightOf(values[i] as Value);
    values.length = start;
    return { kind: 'tuple', items, length, weight };
  }

  #fence(): number {
    return this.#marks.length === 0 ? 0 : (this.#marks[this.#marks.length - 1] as number);
  }

  #takeMark(): number {
    const mark = this.#marks.pop();
    if (mark === undefined) throw malformed('no mark on the stack');
    return mark;
  }
}

function underflow(): Error {
  return malformed('stack underflow');
}
