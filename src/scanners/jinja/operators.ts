import type { Analysis } from './analysis.ts';
import { percentFormat } from './fold-text.ts';
import {
  concat,
  derive,
  constant,
  join,
  numberOf,
  optionsOf,
  originOf,
  text,
  textOf,
  type Trigger,
  triggersOf,
  unknown,
  type Value,
} from './value.ts';

/** Largest product or repetition that counts as ordinary. */
const ENORMOUS = 10_000_000;
const MAX_FOLDED = 10_000;

/** Whether a value counts as true; undefined when that is open. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'list':
      return value.items.length > 0 ? true : undefined;
    case 'choice': {
      const answers = new Set(value.options.map(truth));
      return answers.size === 1 ? [...answers][0] : undefined;
    }
    case 'macro':
    case 'namespace':
      return true;
    default:
      return undefined;
  }
}

/** The result of a binary operator. */
export function binary(analysis: Analysis, operator: string, left: Value, right: Value, offset: number): Value {
  switch (operator) {
    case '~':
      return concat(left, right);
    case 'and':
    case 'or':
      return logical(operator, left, right);
    case '+':
      return add(left, right);
    case '*':
      return multiply(analysis, left, right, offset);
    case '%':
      return remainder(left, right);
    case '-':
    case '/':
    case '//':
    case '**':
      return arithmetic(analysis, operator, left, right, offset);
    default:
      return compare(analysis, operator, left, right);
  }
}

function logical(operator: 'and' | 'or', left: Value, right: Value): Value {
  const known = truth(left);
  if (known !== undefined) return known === (operator === 'and') ? right : left;
  return join([left, right]);
}

/** A comparison. Of what a user wrote with a constant it yields a trigger. */
export function compare(_analysis: Analysis, operator: string, left: Value, right: Value): Value {
  if (left.kind === 'constant' && right.kind === 'constant') {
    if (operator === '==') return constant(left.value === right.value);
    if (operator === '!=') return constant(left.value !== right.value);
    const [part, whole] = [textOf(left), textOf(right)];
    if (part !== undefined && whole !== undefined && operator === 'in') return constant(whole.includes(part));
    if (part !== undefined && whole !== undefined && operator === 'not in') return constant(!whole.includes(part));
    const [a, b] = [numberOf(left), numberOf(right)];
    if (a !== undefined && b !== undefined) return constant(order(operator, a, b));
  }
  return unknown('data', [...triggersOf([left, right]), ...triggerOf(left, right), ...triggerOf(right, left)]);
}

function order(operator: string, a: number, b: number): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

/** The trigger in a comparison of `subject` with a constant text, or with one of a list of them. */
export function triggerOf(subject: Value, other: Value): readonly Trigger[] {
  const source = optionsOf(subject)
    .map((option) => (option.kind === 'unknown' || option.kind === 'text' ? option.origin : undefined))
    .find((origin) => origin === 'content' || origin === 'time');
  if (source !== 'content' && source !== 'time') return [];
  const candidates = other.kind === 'list' ? other.items : optionsOf(other);
  return candidates.flatMap((candidate) => {
    const literal = textOf(candidate) ?? (source === 'time' ? numberOf(candidate)?.toString() : undefined);
    return literal === undefined || literal.trim() === '' ? [] : [{ source, literal }];
  });
}

function isTextual(value: Value): boolean {
  return optionsOf(value).some((option) => option.kind === 'text' || textOf(option) !== undefined);
}

function add(left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return constant(a + b);
  if (left.kind === 'list' && right.kind === 'list') return { kind: 'list', items: [...left.items, ...right.items].slice(0, MAX_FOLDED) };
  const sides = [...optionsOf(left), ...optionsOf(right)];
  if (sides.every((side) => side.kind === 'list')) {
    return { kind: 'list', loose: true, items: sides.flatMap((side) => (side.kind === 'list' ? side.items : [])).slice(0, MAX_FOLDED) };
  }
  if (isTextual(left) || isTextual(right)) return concat(left, right);
  const origin = originOf([left, right]);
  return origin === 'computed' ? unknown('data') : unknown(origin, triggersOf([left, right]));
}

function multiply(analysis: Analysis, left: Value, right: Value, offset: number): Value {
  const times = numberOf(right) ?? numberOf(left);
  const whole = textOf(left) ?? textOf(right);
  const isSequence = whole !== undefined || left.kind === 'list' || right.kind === 'list';
  if (times !== undefined && isSequence && times * Math.max(1, whole?.length ?? 1) > ENORMOUS)
    enormous(analysis, `a sequence ${times} times`, offset);
  if (times !== undefined && whole !== undefined) {
    return times * whole.length <= MAX_FOLDED ? constant(whole.repeat(Math.max(0, Math.trunc(times)))) : text(['', ''], 'computed');
  }
  if (whole !== undefined) return text(['', whole, ''], originOf([left, right]));
  return arithmetic(analysis, '*', left, right, offset);
}

function remainder(left: Value, right: Value): Value {
  const pattern = textOf(left);
  if (pattern === undefined)
    return left.kind === 'text' ? text(['', ''], originOf([left, right])) : arithmetic(undefined, '%', left, right, 0);
  return formatPercent(pattern, right.kind === 'list' ? right.items : [right]);
}

/** `pattern % args`; with gaps when an argument is not known. */
export function formatPercent(pattern: string, args: readonly Value[]): Value {
  const scalars = args.map((arg) => (arg.kind === 'constant' ? arg.value : undefined));
  const folded = scalars.some((scalar) => scalar === undefined)
    ? undefined
    : percentFormat(
        pattern,
        scalars.filter((s) => s !== undefined),
      );
  if (folded !== undefined) return constant(folded);
  return concat(text(pattern.split(/%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]/), originOf(args)), derive(args));
}

function arithmetic(analysis: Analysis | undefined, operator: string, left: Value, right: Value, offset: number): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return unknown('data', triggersOf([left, right]));
  if (operator === '-') return constant(a - b);
  if (operator === '*') return constant(a * b);
  if (operator === '/') return b === 0 ? unknown('data') : constant(a / b);
  if (operator === '//') return b === 0 ? unknown('data') : constant(Math.floor(a / b));
  if (operator === '%') return b === 0 ? unknown('data') : constant(((a % b) + b) % b);
  const power = a ** b;
  if (Math.abs(b) > 10_000 || !Number.isFinite(power)) enormous(analysis, `${a} ** ${b}`, offset);
  return constant(power);
}

/** Reports something that takes the memory or the time of whoever renders it. */
export function enormous(analysis: Analysis | undefined, what: string, offset: number): void {
  analysis?.report('jinja.resource-exhaustion', 'size', `The template builds ${what}`, offset);
}
