import type { Analysis } from './analysis.ts';
import { hintsAtInternal, isInternal, isModule } from './names.ts';
import { concat, constant, join, numberOf, optionsOf, originOf, text, textOf, unknown, type Value } from './value.ts';

/** How an attribute is asked for. `filter`: by `|attr(...)` or another filter that takes a name. */
export type Via = 'dot' | 'subscript' | 'filter';

/** Checks one attribute access or subscript and says what is known of its result. */
export function access(analysis: Analysis, object: Value, name: Value, via: Via, offset: number): Value {
  const results: Value[] = [];
  for (const target of optionsOf(object)) {
    for (const key of optionsOf(name)) {
      analysis.step();
      results.push(accessOne(analysis, target, key, via, offset));
    }
  }
  return join(results);
}

function accessOne(analysis: Analysis, object: Value, key: Value, via: Via, offset: number): Value {
  const name = textOf(key);
  if (name !== undefined) {
    const internal = via === 'filter' ? name.split('.').find(isInternal) : isInternal(name) ? name : undefined;
    if (internal !== undefined) {
      analysis.report('jinja.internal-access', internal, `Access to ${internal}`, offset);
      return { kind: 'object', name: internal };
    }
    return namedMember(object, name);
  }
  checkComputed(analysis, object, key, via, offset);
  return computedMember(object, key);
}

/** A name that is not written down: ordinary as a key into data, and nowhere else. */
function checkComputed(analysis: Analysis, object: Value, key: Value, via: Via, offset: number): void {
  if (key.kind === 'object') {
    analysis.report('jinja.computed-name', key.name, `Attribute name from ${key.name}`, offset);
    return;
  }
  if (key.kind !== 'text' && key.kind !== 'unknown') return;
  const shown = key.kind === 'text' ? key.pieces.map((piece) => JSON.stringify(piece)).join(' ? ') : key.origin;
  const pieces = key.kind === 'text' ? key.pieces : [];
  if (hintsAtInternal(pieces)) {
    analysis.report('jinja.computed-name', shown, `Attribute name put together from ${shown}`, offset, 'critical');
  } else if (key.origin === 'computed' || via === 'filter') {
    analysis.report('jinja.computed-name', shown, `Attribute name that cannot be known before it is rendered (${shown})`, offset);
  } else if (object.kind === 'object') {
    analysis.report('jinja.computed-name', shown, `Computed attribute of ${object.name}`, offset);
  }
}

/** Keys below which the words of a user lie. */
const CONTENT = new Set(['content', 'text', 'reasoning_content', 'prompt', 'query', 'input', 'value']);

function namedMember(object: Value, name: string): Value {
  switch (object.kind) {
    case 'dict':
    case 'namespace':
      return entryOf(object.entries, name) ?? unknown('data');
    case 'object':
      return object.name === 'loop' ? unknown('data') : { kind: 'object', name: `${object.name}.${name}` };
    case 'unknown': {
      if (isModule(name)) return { kind: 'object', name };
      if (CONTENT.has(name)) return unknown('content');
      // The type of a part or the name of a key is no wording of a user, although it lies inside the content.
      return unknown(object.origin === 'content' ? 'data' : object.origin);
    }
    default:
      return unknown(originOf([object]));
  }
}

/** The value at a key; of a dict with computed keys, whatever may be there. */
export function entryOf(entries: ReadonlyMap<string, Value>, key: string): Value | undefined {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const computed = [...entries].flatMap(([name, value]) => (name.startsWith(COMPUTED_KEY) ? [value] : []));
  return computed.length === 0 ? undefined : join([...computed, unknown('data')]);
}

/** How the keys of a dict are named that cannot be known. */
export const COMPUTED_KEY = '\0computed';

function computedMember(object: Value, key: Value): Value {
  const index = numberOf(key);
  switch (object.kind) {
    case 'list':
      return index === undefined || object.loose === true ? join(object.items) : (object.items.at(index) ?? constant(null));
    case 'dict':
    case 'namespace':
      return object.entries.size === 0 ? unknown('data') : join([...object.entries.values()]);
    case 'constant': {
      const whole = textOf(object);
      if (whole === undefined) return unknown('data');
      if (index !== undefined) return constant([...whole].at(index) ?? '');
      return join([...new Set(whole)].map((char) => constant(char)));
    }
    case 'text':
      return object;
    case 'object':
      return object.name === 'loop' ? unknown('data') : { kind: 'object', name: `${object.name}[…]` };
    case 'unknown':
      return unknown(object.origin);
    default:
      return unknown('data');
  }
}

/** `object[start:stop:step]` as Python slices it. */
export function slice(object: Value, bounds: readonly (Value | undefined)[]): Value {
  return join(optionsOf(object).map((option) => sliceOne(option, bounds)));
}

function sliceOne(object: Value, bounds: readonly (Value | undefined)[]): Value {
  const numbers = bounds.map((bound) =>
    bound === undefined || (bound.kind === 'constant' && bound.value === null) ? null : numberOf(bound),
  );
  const isKnown = numbers.every((number) => number !== undefined);
  const whole = textOf(object);
  if (whole !== undefined) {
    if (isKnown) return constant(sliceArray([...whole], numbers as (number | null)[]).join(''));
    return text(['', ''], originOf([object, ...bounds.filter((bound) => bound !== undefined)]));
  }
  if (object.kind === 'list')
    return isKnown ? { kind: 'list', items: [...sliceArray(object.items, numbers as (number | null)[])] } : object;
  if (object.kind === 'text') {
    const isReversed = numbers[2] === -1;
    return text(isReversed ? object.pieces.map((piece) => [...piece].toReversed().join('')).toReversed() : object.pieces, object.origin);
  }
  return object;
}

function sliceArray<T>(items: readonly T[], [start, stop, step]: readonly (number | null)[]): readonly T[] {
  const by = step ?? 1;
  if (by === 0) return [];
  const length = items.length;
  const clamp = (value: number | null | undefined, fallback: number): number => {
    if (value === null || value === undefined) return fallback;
    const at = value < 0 ? value + length : value;
    return by > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
  };
  const from = clamp(start, by > 0 ? 0 : length - 1);
  const to = clamp(stop, by > 0 ? length : -1);
  const result: T[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) if (i >= 0 && i < length) result.push(items[i] as T);
  return result;
}

/** Elements joined as `separator.join(...)` does. */
export function joinTexts(separator: Value, items: readonly Value[]): Value {
  let result = constant('');
  for (const [i, item] of items.entries()) result = concat(i === 0 ? result : concat(result, separator), item);
  return result;
}
