import { malformed } from '../../core/errors.ts';
import type { Expression, Parameter, Statement } from './ast.ts';
import { parseExpression, parseFilter, parseFilters, parsePrimary, parseTuple } from './expression.ts';
import { tokenize } from './lexer.ts';
import { TokenStream } from './token-stream.ts';

/** Longest template that is parsed, in UTF-16 units. Real chat templates are below 64 KiB. */
export const MAX_TEMPLATE = 1024 * 1024;

/**
 * Parses a template by the grammar of Jinja2 with the extensions that chat templates use (`do`, loop controls, `generation`).
 * Throws `format.malformed` where Jinja2 would refuse the template too.
 */
export function parseTemplate(template: string): readonly Statement[] {
  if (template.length > MAX_TEMPLATE) throw malformed(`template of ${template.length} characters, more than ${MAX_TEMPLATE}`);
  const stream = new TokenStream(tokenize(template));
  const body = parseBody(stream, []);
  if (!stream.is('eof')) throw stream.unexpected('the end of the template');
  return body;
}

/** Statements up to a tag named in `ends`, which is left for the caller with its `{%` already read. */
function parseBody(stream: TokenStream, ends: readonly string[]): Statement[] {
  return stream.nested(() => {
    const body: Statement[] = [];
    for (;;) {
      const { kind, text, offset } = stream.current;
      if (kind === 'eof') {
        if (ends.length > 0) throw stream.unexpected(ends.join(' or '));
        return body;
      }
      stream.next();
      if (kind === 'data') {
        body.push({ type: 'text', text, offset });
      } else if (text === '{{') {
        body.push({ type: 'output', value: parseTuple(stream), offset });
        stream.expect('end');
      } else {
        if (stream.is('name', ...ends) && ends.length > 0) return body;
        body.push(parseStatement(stream));
      }
    }
  });
}

/** The end of a tag that opens a body; Jinja2 allows a colon in front of it. */
function endOpening(stream: TokenStream): void {
  stream.accept('operator', ':');
  stream.expect('end');
}

/** What follows the tag up to its end tag `end`, both tags closed. */
function parseBlock(stream: TokenStream, end: string): Statement[] {
  endOpening(stream);
  const body = parseBody(stream, [end]);
  stream.next();
  if (end === 'endblock' || end === 'endmacro') stream.accept('name');
  stream.expect('end');
  return body;
}

function parseStatement(stream: TokenStream): Statement {
  const { text: tag, offset } = stream.expect('name');
  switch (tag) {
    case 'if':
      return parseIf(stream, offset);
    case 'for':
      return parseFor(stream, offset);
    case 'set':
      return parseSet(stream, offset);
    case 'macro':
      return parseMacro(stream, offset);
    case 'call':
      return parseCall(stream, offset);
    case 'filter': {
      const filter = parseFilters(stream, parseFilter(stream, undefined, offset));
      return { type: 'filter-block', filter, body: parseBlock(stream, 'endfilter'), offset };
    }
    case 'with':
      return parseWith(stream, offset);
    case 'include':
    case 'import':
    case 'from':
    case 'extends':
      return parseLoad(stream, tag, offset);
    case 'do':
    case 'print': {
      const value = parseTuple(stream);
      stream.expect('end');
      return { type: 'output', value, offset };
    }
    case 'break':
    case 'continue':
    case 'debug':
      stream.expect('end');
      return { type: 'flow', offset };
    case 'block':
      stream.expect('name');
      while (stream.accept('name', 'scoped', 'required'));
      return { type: 'block', body: parseBlock(stream, 'endblock'), offset };
    case 'autoescape':
      parseExpression(stream);
      return { type: 'block', body: parseBlock(stream, 'endautoescape'), offset };
    case 'generation':
      return { type: 'block', body: parseBlock(stream, 'endgeneration'), offset };
    default:
      throw malformed(`unknown tag ${tag.slice(0, 40)}`, offset);
  }
}

function parseIf(stream: TokenStream, offset: number): Statement {
  return stream.nested(() => {
    const test = parseTuple(stream, { conditional: false });
    endOpening(stream);
    const body = parseBody(stream, ['elif', 'else', 'endif']);
    const { text: tag, offset: next } = stream.next();
    if (tag === 'elif') return { type: 'if', test, body, otherwise: [parseIf(stream, next)], offset };
    const otherwise = tag === 'else' ? parseBlock(stream, 'endif') : [];
    if (tag === 'endif') stream.expect('end');
    return { type: 'if', test, body, otherwise, offset };
  });
}

function parseFor(stream: TokenStream, offset: number): Statement {
  const target = parseTarget(stream);
  stream.expect('name', 'in');
  const iterable = parseTuple(stream, { conditional: false, end: 'recursive' });
  const test = stream.accept('name', 'if') ? parseExpression(stream) : undefined;
  stream.accept('name', 'recursive');
  endOpening(stream);
  const body = parseBody(stream, ['else', 'endfor']);
  const otherwise = stream.next().text === 'else' ? parseBlock(stream, 'endfor') : (stream.expect('end'), []);
  return { type: 'for', target, iterable, test, body, otherwise, offset };
}

/** A name, a namespace attribute, or several with commas, with or without parentheses. */
function parseTarget(stream: TokenStream): Expression {
  const { offset } = stream.current;
  const items: Expression[] = [];
  do {
    if (stream.is('end') || stream.is('operator', '=')) break;
    const value = parsePrimary(stream);
    if (value.type !== 'name' && value.type !== 'list') throw stream.unexpected('a name to assign to');
    if (!stream.accept('operator', '.')) items.push(value);
    else items.push({ type: 'attribute', object: value, name: stream.expect('name').text, offset: value.offset });
  } while (stream.accept('operator', ','));
  const [only] = items;
  if (only === undefined) throw stream.unexpected('a name to assign to');
  return items.length === 1 ? only : { type: 'list', items, offset };
}

function parseSet(stream: TokenStream, offset: number): Statement {
  const target = parseTarget(stream);
  if (stream.accept('operator', '=')) {
    const value = parseTuple(stream);
    stream.expect('end');
    return { type: 'set', target, value, offset };
  }
  const bar = stream.accept('operator', '|');
  const filter = bar === undefined ? undefined : parseFilters(stream, parseFilter(stream, undefined, bar.offset));
  return { type: 'capture', target, filter, body: parseBlock(stream, 'endset'), offset };
}

function parseParameters(stream: TokenStream): Parameter[] {
  stream.expect('operator', '(');
  const parameters: Parameter[] = [];
  while (!stream.accept('operator', ')')) {
    if (parameters.length > 0) stream.expect('operator', ',');
    const name = stream.expect('name').text;
    parameters.push({ name, value: stream.accept('operator', '=') ? parseExpression(stream) : undefined });
  }
  return parameters;
}

function parseMacro(stream: TokenStream, offset: number): Statement {
  const name = stream.expect('name').text;
  const parameters = parseParameters(stream);
  return { type: 'macro', name, parameters, body: parseBlock(stream, 'endmacro'), offset };
}

function parseCall(stream: TokenStream, offset: number): Statement {
  const parameters = stream.is('operator', '(') ? parseParameters(stream) : [];
  const call = parseExpression(stream);
  if (call.type !== 'call') throw stream.unexpected('a call');
  return { type: 'call-block', call, parameters, body: parseBlock(stream, 'endcall'), offset };
}

function parseWith(stream: TokenStream, offset: number): Statement {
  const assignments: [Expression, Expression][] = [];
  while (!stream.is('end')) {
    if (assignments.length > 0) stream.expect('operator', ',');
    const target = parseTarget(stream);
    stream.expect('operator', '=');
    assignments.push([target, parseExpression(stream)]);
  }
  return { type: 'with', assignments, body: parseBlock(stream, 'endwith'), offset };
}

function parseLoad(stream: TokenStream, tag: 'include' | 'import' | 'from' | 'extends', offset: number): Statement {
  const template = parseExpression(stream);
  const names: string[] = [];
  while (!stream.is('end')) {
    const token = stream.next();
    if (token.kind === 'eof') throw stream.unexpected('the end of the tag');
    if (token.kind === 'name') names.push(token.text);
  }
  stream.expect('end');
  return { type: 'load', tag, template, names, offset };
}
