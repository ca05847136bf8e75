import type { Arguments, Expression } from './ast.ts';
import type { TokenStream } from './token-stream.ts';

/** Binary operators by how tightly they bind, loosest first. `not` stands between `and` and the comparisons. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['not'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['~'],
  ['*', '/', '//', '%'],
  ['**'],
];
const NOT = 2;
const COMPARISON = 3;

/** One expression, with a conditional `a if b else c` unless `conditional` is false. */
export function parseExpression(stream: TokenStream, conditional = true): Expression {
  return stream.nested(() => {
    let value = parseBinary(stream, 0);
    for (let length = 0; conditional && stream.accept('name', 'if'); length = stream.link(length)) {
      const test = parseBinary(stream, 0);
      const otherwise = stream.accept('name', 'else') ? parseExpression(stream) : undefined;
      value = { type: 'condition', test, value, otherwise, offset: value.offset };
    }
    return value;
  });
}

function parseBinary(stream: TokenStream, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(stream, true);
  if (level === NOT) return parseNot(stream);
  let left = parseBinary(stream, level + 1);
  for (let length = 0; ; length = stream.link(length)) {
    const operator = takeOperator(stream, operators, level);
    if (operator === undefined) return left;
    left = { type: 'binary', operator, left, right: parseBinary(stream, level + 1), offset: left.offset };
  }
}

function takeOperator(stream: TokenStream, operators: readonly string[], level: number): string | undefined {
  const { kind, text } = stream.current;
  if ((kind === 'operator' || kind === 'name') && operators.includes(text)) return stream.next().text;
  if (level !== COMPARISON || !stream.is('name', 'not') || stream.following.text !== 'in') return undefined;
  stream.next();
  stream.next();
  return 'not in';
}

function parseNot(stream: TokenStream): Expression {
  const token = stream.accept('name', 'not');
  if (token === undefined) return parseBinary(stream, COMPARISON);
  return { type: 'unary', operator: 'not', operand: stream.nested(() => parseNot(stream)), offset: token.offset };
}

/** A signed operand with its subscripts, calls and, unless the sign binds tighter, filters and tests. */
export function parseUnary(stream: TokenStream, filters: boolean): Expression {
  const sign = stream.accept('operator', '-', '+');
  const operand: Expression =
    sign === undefined
      ? parsePrimary(stream)
      : { type: 'unary', operator: sign.text as '-', operand: stream.nested(() => parseUnary(stream, false)), offset: sign.offset };
  const value = parsePostfix(stream, operand);
  return filters ? parseFilters(stream, value) : value;
}

/** Subscripts, attributes and calls behind a value. */
export function parsePostfix(stream: TokenStream, value: Expression): Expression {
  let result = value;
  for (let length = 0; ; length = stream.link(length)) {
    const { offset } = stream.current;
    if (stream.accept('operator', '.')) result = parseDot(stream, result, offset);
    else if (stream.accept('operator', '[')) result = { type: 'subscript', object: result, index: parseIndex(stream), offset };
    else if (stream.is('operator', '(')) result = { type: 'call', callee: result, args: parseArguments(stream), offset };
    else return result;
  }
}

function parseDot(stream: TokenStream, object: Expression, offset: number): Expression {
  const name = stream.accept('name');
  if (name !== undefined) return { type: 'attribute', object, name: name.text, offset };
  const index = stream.expect('integer');
  return { type: 'subscript', object, index: { type: 'constant', value: Number(index.text), offset: index.offset }, offset };
}

function parseIndex(stream: TokenStream): Expression {
  const { offset } = stream.current;
  const items: Expression[] = [];
  while (!stream.accept('operator', ']')) {
    if (items.length > 0) stream.expect('operator', ',');
    items.push(parseSliceOrValue(stream));
  }
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { type: 'list', items, offset };
}

function parseSliceOrValue(stream: TokenStream): Expression {
  const { offset } = stream.current;
  const part = (): Expression | undefined => (stream.is('operator', ':', ']', ',') ? undefined : parseExpression(stream));
  const start = part();
  if (!stream.accept('operator', ':')) {
    if (start === undefined) throw stream.unexpected('a subscript');
    return start;
  }
  const stop = part();
  const step = stream.accept('operator', ':') ? part() : undefined;
  return { type: 'slice', offset, ...(start && { start }), ...(stop && { stop }), ...(step && { step }) };
}

/** `|filter`, `is test` and calls behind a value. */
export function parseFilters(stream: TokenStream, value: Expression): Expression {
  let result = value;
  for (let length = 0; ; length = stream.link(length)) {
    const { offset } = stream.current;
    if (stream.accept('operator', '|')) result = parseFilter(stream, result, offset);
    else if (stream.accept('name', 'is')) result = parseTest(stream, result, offset);
    else if (stream.is('operator', '(')) result = { type: 'call', callee: result, args: parseArguments(stream), offset };
    else return result;
  }
}

/** The name and arguments of a filter, behind its bar. */
export function parseFilter(stream: TokenStream, operand: Expression | undefined, offset: number): Expression {
  const name = parseDottedName(stream);
  return { type: 'filter', operand, name, args: stream.is('operator', '(') ? parseArguments(stream) : NO_ARGUMENTS, offset };
}

function parseTest(stream: TokenStream, operand: Expression, offset: number): Expression {
  const negated = stream.accept('name', 'not') !== undefined;
  const name = parseDottedName(stream);
  let args = NO_ARGUMENTS;
  if (stream.is('operator', '(')) args = parseArguments(stream);
  else if (startsOperand(stream)) args = { ...NO_ARGUMENTS, positional: [parsePostfix(stream, parsePrimary(stream))] };
  const test: Expression = { type: 'test', operand, name, args, offset };
  return negated ? { type: 'unary', operator: 'not', operand: test, offset } : test;
}

function startsOperand(stream: TokenStream): boolean {
  const { kind, text } = stream.current;
  if (kind === 'name') return !['else', 'or', 'and', 'is'].includes(text);
  return kind === 'string' || kind === 'integer' || kind === 'float' || (kind === 'operator' && (text === '[' || text === '{'));
}

function parseDottedName(stream: TokenStream): string {
  let name = stream.expect('name').text;
  while (stream.accept('operator', '.')) name += `.${stream.expect('name').text}`;
  return name;
}

/** No arguments at all. */
export const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: [] };

/** Arguments in parentheses. */
export function parseArguments(stream: TokenStream): Arguments {
  stream.expect('operator', '(');
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  const spread: Expression[] = [];
  for (let first = true; !stream.accept('operator', ')'); first = false) {
    if (!first) {
      stream.expect('operator', ',');
      if (stream.accept('operator', ')')) break;
    }
    if (stream.accept('operator', '*', '**')) spread.push(parseExpression(stream));
    else if (stream.is('name') && stream.following.kind === 'operator' && stream.following.text === '=') {
      const name = stream.next().text;
      stream.next();
      named.push({ name, value: parseExpression(stream) });
    } else positional.push(parseExpression(stream));
  }
  return { positional, named, spread };
}

const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, True: true, false: false, False: false, none: null, None: null };

/** A literal, a name, or something in brackets. */
export function parsePrimary(stream: TokenStream): Expression {
  const { kind, text, offset } = stream.current;
  if (kind === 'name') {
    stream.next();
    return Object.hasOwn(CONSTANTS, text)
      ? { type: 'constant', value: CONSTANTS[text] ?? null, offset }
      : { type: 'name', name: text, offset };
  }
  if (kind === 'string') return { type: 'constant', value: parseStrings(stream), offset };
  if (kind === 'integer' || kind === 'float') {
    stream.next();
    return { type: 'constant', value: Number(text.replaceAll('_', '')), offset };
  }
  if (stream.accept('operator', '(')) return parseParenthesized(stream, offset);
  if (stream.accept('operator', '[')) return { type: 'list', items: parseItems(stream, ']'), offset };
  if (stream.accept('operator', '{')) return parseDict(stream, offset);
  throw stream.unexpected('a value');
}

function parseStrings(stream: TokenStream): string {
  let text = '';
  while (stream.is('string')) text += stream.next().text;
  return text;
}

function parseParenthesized(stream: TokenStream, offset: number): Expression {
  const value = parseTuple(stream, { empty: true });
  stream.expect('operator', ')');
  return value.type === 'list' ? { ...value, offset } : value;
}

/** One expression, or several with commas as a list. Ends where no expression can begin. */
export function parseTuple(
  stream: TokenStream,
  options: { readonly empty?: boolean; readonly conditional?: boolean; readonly end?: string } = {},
): Expression {
  const { offset } = stream.current;
  const isEnd = (): boolean =>
    stream.is('end') || stream.is('operator', ')', '=') || (options.end !== undefined && stream.is('name', options.end));
  const items: Expression[] = [];
  let isTuple = false;
  while (!isEnd()) {
    items.push(parseExpression(stream, options.conditional ?? true));
    if (!stream.accept('operator', ',')) break;
    isTuple = true;
  }
  const [only] = items;
  if (only === undefined) {
    if (options.empty !== true) throw stream.unexpected('a value');
    return { type: 'list', items: [], offset };
  }
  return isTuple ? { type: 'list', items, offset } : only;
}

function parseItems(stream: TokenStream, close: string): Expression[] {
  const items: Expression[] = [];
  while (!stream.accept('operator', close)) {
    if (items.length > 0) {
      stream.expect('operator', ',');
      if (stream.accept('operator', close)) break;
    }
    items.push(parseExpression(stream));
  }
  return items;
}

function parseDict(stream: TokenStream, offset: number): Expression {
  const pairs: [Expression, Expression][] = [];
  while (!stream.accept('operator', '}')) {
    if (pairs.length > 0) {
      stream.expect('operator', ',');
      if (stream.accept('operator', '}')) break;
    }
    const key = parseExpression(stream);
    stream.expect('operator', ':');
    pairs.push([key, parseExpression(stream)]);
  }
  return { type: 'dict', pairs, offset };
}
