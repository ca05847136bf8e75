import { access, joinTexts } from './access.ts';
import type { Analysis } from './analysis.ts';
import { formatFilter } from './calls.ts';
import { foldText } from './fold-text.ts';
import {
  constant,
  derive,
  join,
  numberOf,
  optionsOf,
  originOf,
  piecesOf,
  text,
  textOf,
  unknown,
  type Value,
  type Values,
} from './value.ts';

/** Filters whose first argument, or `attribute=`, is a name to look up in every element. */
const ATTRIBUTE_ARGUMENT = new Set(['groupby', 'selectattr', 'rejectattr']);
const ATTRIBUTE_KEYWORD = new Set(['map', 'sort', 'unique', 'sum', 'min', 'max', 'join', 'groupby']);
/** Filters that return some of what they are given. */
const PART = new Set(['select', 'reject', 'selectattr', 'rejectattr', 'sort', 'unique', 'batch', 'slice', 'groupby', 'dictsort']);
/** Filters that change nothing but the case, piece by piece. */
const CASE = new Set(['upper', 'lower', 'safe', 'escape', 'e', 'forceescape']);
/** Filters that return numbers. */
const NUMBER = new Set(['length', 'count', 'int', 'float', 'abs', 'round', 'sum', 'wordcount', 'filesizeformat']);

/** The result of a filter; names that it looks up are checked. */
export function applyFilter(analysis: Analysis, name: string, operand: Value, args: Values, offset: number): Value {
  checkAttributes(analysis, name, operand, args, offset);
  if (operand.kind === 'choice') return join(operand.options.map((option) => applyOne(analysis, name, option, args, offset)));
  return applyOne(analysis, name, operand, args, offset);
}

function checkAttributes(analysis: Analysis, name: string, operand: Value, { positional, named }: Values, offset: number): void {
  const names: Value[] = [];
  const [first, ...rest] = positional;
  if (ATTRIBUTE_ARGUMENT.has(name) && first !== undefined) names.push(first);
  const keyword = named.get('attribute');
  if (ATTRIBUTE_KEYWORD.has(name) && keyword !== undefined) names.push(keyword);
  for (const filter of name === 'map' && first !== undefined ? optionsOf(first) : []) {
    // A filter whose own name is computed may be `attr`.
    const inner = textOf(filter) ?? 'attr';
    if (inner === 'attr' && rest[0] !== undefined) names.push(rest[0]);
    else checkAttributes(analysis, inner, operand, { positional: rest, named }, offset);
  }
  for (const key of names)
    if (!optionsOf(key).every((option) => numberOf(option) !== undefined)) access(analysis, operand, key, 'filter', offset);
}

function applyOne(analysis: Analysis, name: string, operand: Value, args: Values, offset: number): Value {
  const [first] = args.positional;
  switch (name) {
    case 'attr':
      return access(analysis, operand, first ?? constant(null), 'filter', offset);
    case 'default':
    case 'd':
      return operand.kind === 'constant' && operand.value !== null ? operand : join([operand, first ?? constant('')]);
    case 'format':
      return formatFilter(operand, args.positional);
    case 'join':
      return joinFilter(operand, first ?? constant(''));
    case 'map':
      return mapFilter(analysis, operand, args, offset);
    case 'string':
      return operand.kind === 'constant' || operand.kind === 'text' ? text(piecesOf(operand), originOf([operand])) : derive([operand]);
    case 'tojson':
      return operand.kind === 'constant' ? constant(JSON.stringify(operand.value)) : derive([operand]);
    case 'first':
    case 'last':
    case 'random':
    case 'min':
    case 'max':
      return element(operand, name);
    case 'list':
    case 'reverse':
    case 'items':
      return sequence(operand, name);
    default:
      return NUMBER.has(name) ? number(operand) : other(name, operand, args);
  }
}

function number(operand: Value): Value {
  if (operand.kind === 'list') return constant(operand.items.length);
  const whole = textOf(operand);
  if (whole === undefined) return operand.kind === 'constant' ? operand : unknown('data');
  return Number.isFinite(Number(whole)) && whole.trim() !== '' ? constant(Number(whole)) : constant([...whole].length);
}

function joinFilter(operand: Value, separator: Value): Value {
  const whole = textOf(operand);
  const items = whole === undefined ? itemsOf(operand) : [...whole].map((char) => constant(char));
  if (items === undefined || (operand.kind === 'list' && operand.loose === true)) return derive([operand, separator]);
  return joinTexts(separator, items);
}

function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'dict') return [...value.entries.keys()].map((key) => constant(key));
  return undefined;
}

function mapFilter(analysis: Analysis, operand: Value, { positional, named }: Values, offset: number): Value {
  const [first, ...rest] = positional;
  const filter = first === undefined ? undefined : textOf(first);
  const items = itemsOf(operand);
  if (items === undefined)
    return operand.kind === 'text' || operand.kind === 'constant' ? derive([operand, ...rest]) : unknown(originOf([operand]));
  const attribute = named.get('attribute');
  const apply = (item: Value): Value => {
    if (attribute !== undefined) return access(analysis, item, attribute, 'filter', offset);
    return filter === undefined
      ? unknown(originOf([item]))
      : applyFilter(analysis, filter, item, { positional: rest, named: new Map() }, offset);
  };
  return { kind: 'list', items: items.slice(0, 1024).map(apply), loose: operand.kind === 'list' && operand.loose === true };
}

function element(operand: Value, name: string): Value {
  const whole = textOf(operand);
  const items = whole === undefined ? itemsOf(operand) : [...whole].map((char) => constant(char));
  if (items === undefined) return operand.kind === 'unknown' ? operand : derive([operand]);
  if (operand.kind === 'list' && operand.loose === true) return join(items);
  if (name === 'first') return items[0] ?? constant(null);
  return name === 'last' ? (items.at(-1) ?? constant(null)) : join(items);
}

function sequence(operand: Value, name: string): Value {
  const whole = textOf(operand);
  if (whole !== undefined) {
    const chars = [...whole];
    return name === 'reverse' ? constant(chars.toReversed().join('')) : { kind: 'list', items: chars.map((char) => constant(char)) };
  }
  if (name === 'items' && operand.kind === 'dict') {
    return { kind: 'list', items: [...operand.entries].map(([key, value]) => ({ kind: 'list', items: [constant(key), value] })) };
  }
  const items = itemsOf(operand);
  if (items !== undefined) return { kind: 'list', items: name === 'reverse' ? items.toReversed() : [...items] };
  if (operand.kind === 'text' && name === 'reverse') {
    return text(operand.pieces.map((piece) => [...piece].toReversed().join('')).toReversed(), operand.origin);
  }
  return operand.kind === 'unknown' ? operand : derive([operand]);
}

function other(name: string, operand: Value, { positional, named }: Values): Value {
  if (PART.has(name) && operand.kind !== 'constant') return part(operand);
  const whole = operand.kind === 'constant' && name !== 'safe' ? (textOf(operand) ?? String(operand.value)) : textOf(operand);
  const scalars = positional.flatMap((value) => (value.kind === 'constant' ? [value.value] : []));
  if (whole !== undefined && scalars.length === positional.length) return foldText(name, whole, scalars) ?? text(['', ''], 'computed');
  if (operand.kind === 'unknown' && positional.length === 0) return operand;
  const values = [operand, ...positional, ...named.values()];
  if (operand.kind !== 'text' || positional.length > 0 || !CASE.has(name)) return derive(values);
  return text(
    operand.pieces.map((piece) => textOf(foldText(name, piece, []) ?? constant(piece)) ?? piece),
    operand.origin,
  );
}

/** Some elements of a list in some order; of anything else, the same. */
function part(operand: Value): Value {
  if (operand.kind === 'dict')
    return { kind: 'list', loose: true, items: [...operand.entries].flatMap(([key, value]) => [constant(key), value]) };
  return operand.kind === 'list' ? { ...operand, loose: true } : operand;
}
