import { COMPUTED_KEY, entryOf, joinTexts } from './access.ts';
import type { Analysis } from './analysis.ts';
import { braceFormat, foldText } from './fold-text.ts';
import { isBuiltIn, isDangerousCall, isInternal } from './names.ts';
import { enormous, formatPercent, triggerOf } from './operators.ts';
import { concat, constant, derive, join, numberOf, optionsOf, originOf, text, textOf, unknown, type Value, type Values } from './value.ts';

const MAX_RANGE = 256;
const ENORMOUS_RANGE = 10_000_000;

/** A call of a name, or of whatever an expression yields. */
export function callFunction(analysis: Analysis, name: string, callee: Value, args: Values, offset: number): Value {
  if (callee.kind === 'macro') return analysis.callMacro(callee.macro, args);
  if (callee.kind === 'choice') return join(callee.options.map((option) => callFunction(analysis, name, option, args, offset)));
  const isDefined = name !== '' && analysis.lookup(name) !== undefined;
  if (name !== '' && !isDefined && isDangerousCall(name)) {
    analysis.report('jinja.dangerous-call', name, `Call of ${name}()`, offset);
    return { kind: 'object', name };
  }
  if (name === 'strftime_now' || name === 'now') return formatTime(args.positional[0]);
  if (callee.kind !== 'object') {
    const isBare = args.positional.length === 0;
    return isBare ? unknown(originOf([callee, unknown('data')])) : derive([callee, ...args.positional, unknown('data')]);
  }
  if (!isDefined && isBuiltIn(callee.name)) return callBuiltIn(analysis, callee.name, args, offset);
  return { kind: 'object', name: `${callee.name}()` };
}

/** The clock by a pattern. Why the pieces: what is no directive comes out as it went in. */
function formatTime(pattern: Value | undefined): Value {
  const whole = pattern === undefined ? undefined : textOf(pattern);
  return whole === undefined ? unknown('time') : text(whole.split(/%-?[a-zA-Z]/), 'time');
}

function callBuiltIn(analysis: Analysis, name: string, { positional, named }: Values, offset: number): Value {
  if (name === 'namespace' || name === 'dict') {
    const entries = new Map(named);
    for (const value of positional) for (const [key, item] of pairsOf(value)) entries.set(key, item);
    return { kind: name, entries };
  }
  if (name === 'range') return range(analysis, positional, offset);
  return name === 'lipsum' ? text(['', ''], 'computed') : { kind: 'object', name: `${name}()` };
}

/** The entries of a dict, or of a list of pairs. */
function pairsOf(value: Value): readonly (readonly [string, Value])[] {
  if (value.kind === 'dict') return [...value.entries];
  if (value.kind !== 'list') return [[COMPUTED_KEY, derive([value])]];
  return value.items.map((item, i) => {
    const [key, entry] = item.kind === 'list' ? item.items : [];
    return [(key && textOf(key)) ?? `${COMPUTED_KEY} ${i}`, entry ?? derive([item])];
  });
}

function range(analysis: Analysis, args: readonly Value[], offset: number): Value {
  const numbers = args.map(numberOf);
  const [first, second] = numbers;
  if (numbers.some((number) => number === undefined) || first === undefined) return unknown('data');
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const step = numbers[2] ?? 1;
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  if (length > ENORMOUS_RANGE) enormous(analysis, `a range of ${length}`, offset);
  if (length > MAX_RANGE) return unknown('data');
  return { kind: 'list', items: Array.from({ length }, (_, i) => constant(start + i * step)) };
}

/** A call of a method, whatever way its name was given. The access to the name has been checked before. */
export function callMethod(analysis: Analysis, object: Value, name: Value, args: Values, offset: number): Value {
  const results: Value[] = [];
  for (const target of optionsOf(object)) {
    for (const key of optionsOf(name)) {
      analysis.step();
      results.push(callOne(analysis, target, textOf(key), args, offset));
    }
  }
  return join(results);
}

function callOne(analysis: Analysis, object: Value, name: string | undefined, args: Values, offset: number): Value {
  if (name === undefined && object.kind === 'list') return join(object.items.map((item) => callFunction(analysis, '', item, args, offset)));
  if (name === undefined) return object.kind === 'object' ? object : derive([object, ...args.positional]);
  if (name === 'cycle') return join(args.positional);
  if (object.kind === 'namespace' || object.kind === 'dict') {
    const member = entryOf(object.entries, name);
    if (member !== undefined) return callFunction(analysis, '', member, args, offset);
  }
  if (isDangerousCall(name) && !(object.kind === 'object' && isInternal(name))) {
    analysis.report('jinja.dangerous-call', name, `Call of .${name}()`, offset);
    return { kind: 'object', name: `${name}()` };
  }
  if (object.kind === 'object') return { kind: 'object', name: `${object.name}.${name}()` };
  if (object.kind === 'list') return callList(analysis, object, name, args);
  if (object.kind === 'dict') return callDict(object.entries, name, args);
  if (object.kind === 'constant' || object.kind === 'text') return callText(analysis, object, name, args, offset);
  return callData(object, name, args);
}

function callText(analysis: Analysis, object: Value, name: string, args: Values, offset: number): Value {
  const { positional } = args;
  const [first] = positional;
  if (name === 'join' && first?.kind === 'list' && first.loose !== true) return joinTexts(object, first.items);
  if (name === 'join' && first?.kind === 'dict')
    return joinTexts(
      object,
      [...first.entries.keys()].map((key) => constant(key)),
    );
  const whole = textOf(object);
  if (name === 'join' && whole !== undefined && first !== undefined) {
    const parts = textOf(first);
    if (parts !== undefined) return constant([...parts].join(whole));
  }
  if (whole !== undefined && (name === 'format' || name === 'format_map')) return formatBraces(analysis, whole, positional, offset);
  if (object.kind === 'text' && name.startsWith('format') && object.pieces.some((piece) => piece.includes('__'))) {
    analysis.report('jinja.computed-name', 'format', 'Format fields put together from pieces with __', offset, 'critical');
  }
  const scalars = positional.flatMap((value) => (value.kind === 'constant' ? [value.value] : []));
  if (whole !== undefined && scalars.length === positional.length) return foldText(name, whole, scalars) ?? text(['', ''], 'computed');
  return result(object, name, args);
}

/** `"{0.__class__}".format(x)` reads attributes by itself: the fields are names too. */
function formatBraces(analysis: Analysis, pattern: string, args: readonly Value[], offset: number): Value {
  for (const field of pattern.match(/\{[^{}]*[.[][^{}]*\}/g) ?? []) {
    const internal = field.split(/[.[\]{}:!]/).find((part) => part !== '' && isInternal(part));
    if (internal !== undefined) analysis.report('jinja.internal-access', internal, `Format field ${field} reaches ${internal}`, offset);
  }
  const scalars = args.flatMap((value) => (value.kind === 'constant' ? [value.value] : []));
  const folded = scalars.length === args.length ? braceFormat(pattern, scalars) : undefined;
  if (folded !== undefined) return constant(folded);
  return concat(text(pattern.split(/\{[^{}]*\}/), originOf(args)), derive(args));
}

function callList(analysis: Analysis, list: Value & { kind: 'list' }, name: string, { positional }: Values): Value {
  const [first] = positional;
  if (name === 'append' && first !== undefined) {
    if (list.items.length < 10_000) list.items.push(first);
    return constant(null);
  }
  if (name === 'extend' && first?.kind === 'list') {
    if (list.items.length < 10_000) list.items.push(...first.items.slice(0, 10_000));
    return constant(null);
  }
  if (name === 'pop') {
    const at = first === undefined ? -1 : numberOf(first);
    return at === undefined ? join(list.items) : (list.items.at(at) ?? constant(null));
  }
  if (name === 'index' || name === 'count') return unknown('data');
  if (name === 'copy') return { kind: 'list', items: [...list.items] };
  if (name === 'reverse' && analysis.weak === 0) list.items.reverse();
  return constant(null);
}

function callDict(entries: Map<string, Value>, name: string, { positional, named }: Values): Value {
  const [first, second] = positional;
  const key = first === undefined ? undefined : textOf(first);
  if (name === 'keys') return { kind: 'list', items: [...entries.keys()].map((item) => constant(item)) };
  if (name === 'values') return { kind: 'list', items: [...entries.values()] };
  if (name === 'items')
    return { kind: 'list', items: [...entries].map(([item, value]) => ({ kind: 'list', items: [constant(item), value] })) };
  if (name === 'get' || name === 'pop' || name === 'setdefault') {
    if (key === undefined) return join([...entries.values(), second ?? constant(null)]);
    return entryOf(entries, key) ?? second ?? constant(null);
  }
  if (name !== 'update') return unknown('data');
  if (first?.kind === 'dict') for (const [item, value] of first.entries) entries.set(item, value);
  for (const [item, value] of named) entries.set(item, value);
  return constant(null);
}

/** A method of data: what comes out is data of the same origin, or one of the arguments. */
function callData(object: Value, name: string, args: Values): Value {
  const [first, ...rest] = args.positional;
  const key = first === undefined ? undefined : textOf(first);
  if ((name === 'get' || name === 'pop' || name === 'setdefault') && key !== undefined && object.kind === 'unknown') {
    return join([unknown(key === 'content' || key === 'text' ? 'content' : object.origin), ...rest]);
  }
  return result(object, name, args);
}

const TEXT_METHODS = new Set([
  'format',
  'join',
  'replace',
  'translate',
  'center',
  'ljust',
  'rjust',
  'zfill',
  'removeprefix',
  'removesuffix',
]);

function result(object: Value, name: string, { positional, named }: Values): Value {
  const [first] = positional;
  if (['startswith', 'endswith', 'find', 'rfind', 'count', 'index'].includes(name)) {
    return unknown('data', first === undefined ? [] : triggerOf(object, first));
  }
  const values = [object, ...positional, ...named.values()];
  if (TEXT_METHODS.has(name) || object.kind !== 'unknown') return derive(values);
  return unknown(originOf(values));
}

/** What `|format` makes of its operand. */
export function formatFilter(pattern: Value, args: readonly Value[]): Value {
  const whole = textOf(pattern);
  return whole === undefined ? derive([pattern, ...args]) : formatPercent(whole, args);
}
