import { qualifiedName, type Value } from '../../formats/pickle/values.ts';
import { classify } from './classify.ts';

/** Texts that name a type, a unit, a state, a time zone: what enumerations, dtypes and flags are made from. */
const NAME_LIKE = /^([\w.:+\-<>=|[\], ]{0,64}|[A-Z]\w+\/[A-Z][\w+-]+(\/[A-Z]\w+)?)$/;
/** Signs of a command, an expression, a path or an address. */
const COMMAND_LIKE = /[;|&`$(){}<>\\\n]|^\s*-|(^|\s)[/~]|\.\.\/|:\/\/|^[A-Za-z]:[\\/]|^\w+ -/;

/**
 * What among the arguments of a constructor could make it do more than fill attributes: something to call, or a text that it
 * may open, fetch or run. Undefined for plain data. `strict` is for classes of known packages, which ordinary picklers make
 * from numbers, arrays and names alone; classes nothing is known of are given texts of every sort.
 */
export function hostileArgument(args: Value, strict: boolean): string | undefined {
  if (typeof args !== 'object') return undefined;
  if (args.kind !== 'tuple') return args.kind === 'none' || !strict ? undefined : 'arguments that were computed';
  for (const item of args.items) {
    const found = typeof item === 'object' && item.kind === 'tuple' ? hostileArgument(item, strict) : judge(item, strict);
    if (found !== undefined) return found;
  }
  return args.length > args.items.length && strict ? 'more arguments than are read' : undefined;
}

function judge(item: Value, strict: boolean): string | undefined {
  if (typeof item === 'string') {
    if (strict ? NAME_LIKE.test(item) : !COMMAND_LIKE.test(item)) return undefined;
    return `the text ${JSON.stringify(item.slice(0, 60))}`;
  }
  if (typeof item !== 'object') return undefined;
  if (item.kind === 'text') return 'a long text';
  if (item.kind === 'opaque' || item.kind === 'lost' || item.kind === 'extension') return 'a computed value';
  if (isCallable(item)) return 'something to call';
  return item.kind === 'made' && item.by !== undefined && TEXT_MAKERS.test(qualifiedName(item.by)) ? 'a computed text or path' : undefined;
}

/** True for functions and for what wraps one: whoever is given it may call it. */
export function isCallable(item: Value): boolean {
  if (typeof item !== 'object') return false;
  if (item.kind === 'made') return item.by !== undefined && CALLABLE_MAKERS.has(qualifiedName(item.by));
  if (item.kind !== 'global') return false;
  const sort = classify(item);
  return sort !== 'inert' && sort !== 'inert-class' && sort !== 'known-class' && sort !== 'unknown-class';
}

const CALLABLE_MAKERS: ReadonlySet<string> = new Set([
  'functools.partial',
  'operator.attrgetter',
  'operator.itemgetter',
  'operator.methodcaller',
]);
const TEXT_MAKERS = /^(builtins\.(str|bytes)|pathlib(\._local)?\.\w+)$/;

/** Packages that evaluate texts as expressions: `sympify` is `eval`. */
const EVALUATING = /^sympy\./;
/** Classes of theirs that take a text as a name or a number. */
const NAMING = /\.(Symbol|Dummy|Wild|Str|Float|Integer|Rational|MatrixSymbol|UndefinedFunction|DomainMatrix|DDM|SDM|PolyRing|PolyElement)$/;

/** True when a class evaluates a text that stands among its arguments. */
export function evaluatesText(name: string, args: Value): boolean {
  return EVALUATING.test(name) && !NAMING.test(name) && hasText(args);
}

function hasText(value: Value): boolean {
  if (typeof value !== 'object') return typeof value === 'string';
  if (value.kind === 'tuple') return value.length > value.items.length || value.items.some(hasText);
  if (value.kind === 'made') return value.by === undefined || TEXT_MAKERS.test(qualifiedName(value.by));
  return value.kind === 'text' || value.kind === 'opaque' || value.kind === 'lost' || value.kind === 'list' || value.kind === 'set';
}
