import { malformed } from '../../core/errors.ts';
import { readPythonString } from './string.ts';
import type { PythonValue } from './value.ts';

/** Why 64: literals in file headers are a few levels deep; recursion must end before the JavaScript stack does. */
const MAX_DEPTH = 64;

const SPACE = /[ \t\r\n\f]*/y;
const STRING_START = /[uUbBrR]{0,2}['"]/y;
const NUMBER = /[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+(?:_\d+)*)(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)[lL]?/y;
const NAME = /[A-Za-z_]\w*/y;
const CONSTANTS: ReadonlyMap<string, PythonValue> = new Map<string, PythonValue>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

/**
 * Reads what `ast.literal_eval` reads, without its arithmetic: strings, numbers, tuples, lists, sets, dicts, constants.
 * Throws `format.malformed` for anything else, calls and names above all: such a header was written to be evaluated.
 */
export function parsePythonLiteral(text: string): PythonValue {
  const cursor = new Cursor(text);
  const value = readValue(cursor, 0);
  cursor.skipSpace();
  if (cursor.at < text.length) throw malformed('text behind the literal', cursor.at);
  return value;
}

/** A position in the text. */
class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  skipSpace(): void {
    this.at += this.match(SPACE)?.length ?? 0;
  }

  /** The next character behind white space. */
  peek(): string | undefined {
    this.skipSpace();
    return this.text[this.at];
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }
}

function readValue(cursor: Cursor, depth: number): PythonValue {
  if (depth > MAX_DEPTH) throw malformed('literal is nested too deeply', cursor.at);
  const next = cursor.peek();
  if (next === '(') return readParenthesis(cursor, depth);
  if (next === '[') return { kind: 'list', items: readItems(cursor, ']', depth).items };
  if (next === '{') return readBraces(cursor, depth);
  if (cursor.match(STRING_START) !== undefined) return readStrings(cursor);
  return readScalar(cursor);
}

function readScalar(cursor: Cursor): PythonValue {
  const number = cursor.match(NUMBER);
  if (number !== undefined) {
    cursor.at += number.length;
    return toNumber(number.replace(/[lL]$/, '').replaceAll('_', ''));
  }
  const name = cursor.match(NAME);
  const constant = name === undefined ? undefined : CONSTANTS.get(name);
  if (name === undefined || constant === undefined) throw malformed(`not a literal: ${name ?? cursor.peek() ?? 'end of text'}`, cursor.at);
  cursor.at += name.length;
  return constant;
}

function toNumber(text: string): number | bigint {
  if (!/^[+-]?(?:\d+|0[xX][0-9a-fA-F]+)$/.test(text)) return Number(text);
  const value = BigInt(text.replace(/^[+-]/, ''));
  const signed = text.startsWith('-') ? -value : value;
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

/** Adjacent strings are one string. */
function readStrings(cursor: Cursor): PythonValue {
  let text = '';
  let bytes: boolean | undefined;
  while (cursor.match(STRING_START) !== undefined) {
    const part = readPythonString(cursor.text, cursor.at);
    if (bytes !== undefined && bytes !== part.bytes) throw malformed('text and bytes side by side', cursor.at);
    bytes = part.bytes;
    text += part.text;
    cursor.at = part.end;
    cursor.skipSpace();
  }
  return bytes === true ? { kind: 'bytes', text } : text;
}

/** `(x)` is x, `(x,)` a tuple. */
function readParenthesis(cursor: Cursor, depth: number): PythonValue {
  const { items, comma } = readItems(cursor, ')', depth);
  const [only] = items;
  return items.length === 1 && !comma && only !== undefined ? only : { kind: 'tuple', items };
}

function readItems(cursor: Cursor, close: string, depth: number): { items: PythonValue[]; comma: boolean } {
  cursor.at++;
  const items: PythonValue[] = [];
  let comma = false;
  while (!cursor.take(close)) {
    if (items.length > 0 && !comma) throw malformed('missing comma', cursor.at);
    items.push(readValue(cursor, depth + 1));
    comma = cursor.take(',');
  }
  return { items, comma };
}

function readBraces(cursor: Cursor, depth: number): PythonValue {
  cursor.at++;
  const entries: (readonly [PythonValue, PythonValue])[] = [];
  const items: PythonValue[] = [];
  let comma = true;
  while (!cursor.take('}')) {
    if (!comma) throw malformed('missing comma', cursor.at);
    const key = readValue(cursor, depth + 1);
    if (cursor.take(':')) entries.push([key, readValue(cursor, depth + 1)]);
    else items.push(key);
    comma = cursor.take(',');
  }
  if (items.length > 0 && entries.length > 0) throw malformed('set and dict in one', cursor.at);
  return items.length > 0 ? { kind: 'set', items } : { kind: 'dict', entries };
}
