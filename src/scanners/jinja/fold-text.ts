import { constant, type Value } from './value.ts';

/** Python’s `str(x)` of a simple constant. */
export function display(value: string | number | boolean | null): string {
  if (value === null) return 'None';
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

type Scalar = string | number | boolean | null;

/** Methods and filters of texts that are computed when all their arguments are known. */
const OPERATIONS: Readonly<Record<string, (text: string, args: readonly Scalar[]) => Scalar | readonly string[] | undefined>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  casefold: (text) => text.toLowerCase(),
  title: (text) => text.toLowerCase().replaceAll(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
  swapcase: (text) => [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  strip: (text, [chars]) => trim(text, chars, true, true),
  trim: (text, [chars]) => trim(text, chars, true, true),
  lstrip: (text, [chars]) => trim(text, chars, true, false),
  rstrip: (text, [chars]) => trim(text, chars, false, true),
  replace: (text, [from, to, count]) => replace(text, from, to, count),
  removeprefix: (text, [prefix]) => (typeof prefix === 'string' && text.startsWith(prefix) ? text.slice(prefix.length) : text),
  removesuffix: (text, [suffix]) =>
    typeof suffix === 'string' && suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  split: (text, [separator]) => (typeof separator === 'string' && separator !== '' ? text.split(separator) : text.trim().split(/\s+/)),
  splitlines: (text) => text.split(/\r?\n/),
  partition: (text, [separator]) => partition(text, separator, text.indexOf(String(separator))),
  rpartition: (text, [separator]) => partition(text, separator, text.lastIndexOf(String(separator))),
  startswith: (text, [prefix]) => typeof prefix === 'string' && text.startsWith(prefix),
  endswith: (text, [suffix]) => typeof suffix === 'string' && text.endsWith(suffix),
  find: (text, [part]) => text.indexOf(String(part)),
  index: (text, [part]) => text.indexOf(String(part)),
  count: (text, [part]) => text.split(String(part)).length - 1,
  join: (text, args) => args.map(display).join(text),
  zfill: (text, [width]) => (typeof width === 'number' && width < 1000 ? text.padStart(width, '0') : undefined),
  reverse: (text) => [...text].toReversed().join(''),
  string: (text) => text,
  safe: (text) => text,
  escape: (text) => text,
  e: (text) => text,
  forceescape: (text) => text,
  encode: () => undefined,
};

function trim(text: string, chars: Scalar | undefined, start: boolean, end: boolean): string {
  const isTrimmed = (c: string): boolean => (typeof chars === 'string' ? chars.includes(c) : /\s/.test(c));
  let from = 0;
  let to = text.length;
  while (start && from < to && isTrimmed(text.charAt(from))) from++;
  while (end && to > from && isTrimmed(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

function replace(text: string, from: Scalar | undefined, to: Scalar | undefined, count: Scalar | undefined): string | undefined {
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  if (text.length * (to.length + 1) > 100_000) return undefined;
  const parts = text.split(from);
  const times = typeof count === 'number' && count >= 0 ? count : parts.length;
  return parts.reduce((result, part, i) => (i === 0 ? part : result + (i <= times ? to : from) + part), '');
}

function partition(text: string, separator: Scalar | undefined, at: number): readonly string[] {
  const length = String(separator).length;
  return at < 0 ? [text, '', ''] : [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
}

/** The result of a text operation on constants; undefined when it is not one of them or cannot be computed. */
export function foldText(name: string, text: string, args: readonly Scalar[]): Value | undefined {
  if (!Object.hasOwn(OPERATIONS, name)) return undefined;
  const result = OPERATIONS[name]?.(text, args);
  if (result === undefined) return undefined;
  return Array.isArray(result) ? { kind: 'list', items: result.map((item: string) => constant(item)) } : constant(result as Scalar);
}

/** `"%s-%c" % (a, b)`; undefined for conversions other than s, r, d, i, c, x. */
export function percentFormat(pattern: string, args: readonly Scalar[]): string | undefined {
  let next = 0;
  let isKnown = true;
  const result = pattern.replaceAll(/%([-+ #0]*)(\d{0,3})(?:\.(\d+))?([a-zA-Z%])/g, (_match, _flags, _width, _precision, type: string) => {
    if (type === '%') return '%';
    const value = args[next++];
    if (value === undefined) isKnown = false;
    else if (type === 'c') return typeof value === 'number' ? String.fromCodePoint(Math.min(Math.max(0, value), 0x10ffff)) : display(value);
    else if (type === 's' || type === 'r' || type === 'd' || type === 'i') return display(value);
    else if (type === 'x' && typeof value === 'number') return value.toString(16);
    else isKnown = false;
    return '';
  });
  return isKnown ? result : undefined;
}

/** `"{}{0}{:c}".format(a, b)` without attributes; undefined when a field is anything else. */
export function braceFormat(pattern: string, args: readonly Scalar[]): string | undefined {
  let next = 0;
  let isKnown = true;
  const result = pattern.replaceAll(/\{\{|\}\}|\{(\d*)(?:![rs])?(:c)?\}|\{[^}]*\}/g, (match, index?: string, char?: string) => {
    if (match === '{{' || match === '}}') return match.charAt(0);
    const value = index === undefined ? undefined : args[index === '' ? next++ : Number(index)];
    if (value === undefined) isKnown = false;
    else if (char !== undefined && typeof value === 'number') return String.fromCodePoint(Math.min(Math.max(0, value), 0x10ffff));
    else return display(value);
    return '';
  });
  return isKnown ? result : undefined;
}
