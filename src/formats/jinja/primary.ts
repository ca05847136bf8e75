import type { Expression } from './ast.ts';
import { parseExpression } from './expression.ts';
import type { TokenStream } from './token-stream.ts';

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
