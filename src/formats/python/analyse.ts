import type { Budget } from '../../core/budget.ts';
import { declaredEncoding } from './encoding.ts';
import { ExpressionReader } from './expressions.ts';
import { type LexedPython, lexPython } from './lexer.ts';
import type { PythonModule } from './module.ts';
import { Recorder } from './recorder.ts';
import { Scope } from './scope.ts';
import { opValue, TOKEN } from './tokens.ts';
import { mergeValues, pathValue, UNKNOWN, type Value } from './value.ts';

const OPEN = opValue('(');
const CLOSE = opValue(')');
const COMMA = opValue(',');
const COLON = opValue(':');
const ASSIGN = opValue('=');
const DOT = opValue('.');
const ELLIPSIS = opValue('...');
const AT = opValue('@');
const STAR = opValue('*');

/** Reads a source file: what it imports and what it calls, following aliases, without running anything. */
export function analysePython(bytes: Uint8Array, budget: Budget): PythonModule {
  const lexed = lexPython(bytes, budget);
  const scope = new Scope();
  const record = new Recorder(scope);
  new StatementReader(lexed, scope, record).run(budget);
  const { imports, uses, functions, cut } = record;
  return { imports, uses, functions, cut, texts: [...record.texts], encoding: declaredEncoding(bytes), errors: lexed.errors };
}

/** What an indented block belongs to. */
type Block = 'function' | 'class' | 'main' | 'other';

class StatementReader {
  readonly #expressions: ExpressionReader;
  readonly #scope: Scope;
  readonly #record: Recorder;
  readonly #length: number;
  readonly #blocks: Block[] = [];
  #opening: Block = 'other';
  #openingName = '';
  #parameters: string[] = [];

  constructor(lexed: LexedPython, scope: Scope, record: Recorder) {
    this.#expressions = new ExpressionReader(lexed, scope, record);
    this.#scope = scope;
    this.#record = record;
    this.#length = lexed.tokens.length;
  }

  run(budget: Budget): void {
    const read = this.#expressions;
    let statements = 0;
    while (read.at < this.#length) {
      if ((++statements & 1023) === 0) budget.checkTime();
      const { kind } = read;
      if (kind === TOKEN.newline) read.at++;
      else if (kind === TOKEN.indent) {
        read.at++;
        this.#enter();
      } else if (kind === TOKEN.dedent) {
        read.at++;
        this.#leave(this.#blocks.pop());
      } else this.#statement();
    }
  }

  #enter(): void {
    const block = this.#opening;
    this.#blocks.push(block);
    this.#opening = 'other';
    if (block === 'main') this.#record.asProgram = true;
    if (block !== 'function' && block !== 'class') return;
    this.#scope.enter(block, this.#openingName);
    for (const name of this.#parameters) this.#scope.bind(name, pathValue(`~${name}`));
    this.#parameters = [];
  }

  #leave(block: Block | undefined): void {
    if (block === 'main') this.#record.asProgram = false;
    if (block === 'function' || block === 'class') this.#scope.leave();
  }

  #statement(): void {
    const read = this.#expressions;
    const before = read.at;
    switch (read.word) {
      case 'import':
        this.#import();
        break;
      case 'from':
        this.#importFrom();
        break;
      case 'async':
        read.at++;
        return;
      case 'def':
      case 'class':
        this.#definition(read.isWord('def') ? 'function' : 'class');
        break;
      case 'for':
        this.#for();
        break;
      case 'with':
      case 'except':
        this.#withAs();
        break;
      case 'global':
      case 'nonlocal':
        this.#globals();
        break;
      case 'del':
        this.#delete();
        break;
      case 'if':
        this.#if();
        break;
      default:
        this.#expressionStatement();
    }
    if (read.at === before) read.at++;
  }

  #import(): void {
    const read = this.#expressions;
    const { line } = read;
    read.at++;
    while (read.word !== '') {
      const module = this.#dotted();
      this.#record.imports.push({ module, level: 0, names: [], line });
      if (read.isWord('as')) {
        read.at++;
        this.#scope.bind(read.word, pathValue(module));
        read.at++;
      } else {
        const root = module.split('.')[0]!;
        this.#scope.bind(root, pathValue(root));
      }
      if (!read.isOp(COMMA)) break;
      read.at++;
    }
  }

  #importFrom(): void {
    const read = this.#expressions;
    const { line } = read;
    read.at++;
    let level = 0;
    while (read.isOp(DOT) || read.isOp(ELLIPSIS)) {
      level += read.isOp(DOT) ? 1 : 3;
      read.at++;
    }
    const module = read.isWord('import') ? '' : this.#dotted();
    if (!read.isWord('import')) return;
    read.at++;
    const parenthesised = read.isOp(OPEN);
    if (parenthesised) read.at++;
    const names: string[] = [];
    const prefix = '.'.repeat(level) + module;
    while (!read.atLineEnd && !read.isOp(CLOSE)) {
      if (read.isOp(STAR) && level === 0) this.#scope.importAll(prefix);
      const { word } = read;
      if (word === '') {
        read.at++;
        continue;
      }
      read.at++;
      names.push(word);
      let alias = word;
      if (read.isWord('as')) {
        read.at++;
        alias = read.word;
        read.at++;
      }
      this.#scope.bind(alias, pathValue(level > 0 && module === '' ? `${prefix}${word}` : `${prefix}.${word}`));
    }
    this.#record.imports.push({ module, level, names, line });
  }

  #dotted(): string {
    const read = this.#expressions;
    let path = read.word;
    if (path !== '') read.at++;
    while (read.isOp(DOT)) {
      read.at++;
      path += `.${read.word}`;
      if (read.word !== '') read.at++;
    }
    return path;
  }

  #definition(block: 'function' | 'class'): void {
    const read = this.#expressions;
    read.at++;
    const name = read.word;
    if (name === '') return;
    read.at++;
    const owner = this.#scope.levels.findLast((level) => level.kind === 'class')?.owner ?? '';
    if (block === 'function') this.#record.functions.push({ name, owner });
    this.#scope.bind(name, pathValue(`~${name}`));
    let parameters: string[] = [];
    if (read.isOp(OPEN)) {
      read.at++;
      if (block === 'function') parameters = this.#parameterList();
      else read.listUntil(CLOSE);
    }
    while (!read.atLineEnd && !read.isOp(COLON)) {
      const before = read.at;
      read.expression();
      if (read.at === before) read.at++;
    }
    if (read.isOp(COLON)) read.at++;
    if (!read.atLineEnd) {
      this.#inlineBody(block, name, parameters);
      return;
    }
    this.#opening = block;
    this.#openingName = name;
    this.#parameters = parameters;
  }

  /** `def f(): body` on one line. */
  #inlineBody(block: 'function' | 'class', name: string, parameters: readonly string[]): void {
    this.#scope.enter(block, name);
    for (const parameter of parameters) this.#scope.bind(parameter, pathValue(`~${parameter}`));
    this.#restOfLine();
    this.#scope.leave();
  }

  /** Reads a parameter list: its names, and the annotations and defaults, which run when the function is defined. */
  #parameterList(): string[] {
    const read = this.#expressions;
    const names: string[] = [];
    while (read.at < this.#length && !read.atLineEnd && !read.isOp(CLOSE)) {
      const before = read.at;
      if (read.word !== '') {
        names.push(read.word);
        read.at++;
      }
      while (read.isOp(COLON) || read.isOp(ASSIGN)) {
        read.at++;
        read.expression();
      }
      if (read.at === before || read.isOp(COMMA)) read.at++;
    }
    if (read.isOp(CLOSE)) read.at++;
    return names;
  }

  #for(): void {
    const read = this.#expressions;
    read.at++;
    while (!read.atLineEnd && !read.isWord('in')) {
      if (read.word !== '' && !read.isOp(DOT, 1) && !read.isOp(DOT, -1)) this.#scope.bind(read.word, pathValue(`~${read.word}`));
      read.at++;
    }
    this.#restOfLine();
  }

  #withAs(): void {
    const read = this.#expressions;
    read.at++;
    while (!read.atLineEnd && !read.isOp(COLON)) {
      const before = read.at;
      const value = read.expression();
      if (read.isWord('as')) read.bindAs(value);
      if (read.at === before || read.isOp(COMMA)) read.at++;
    }
    this.#restOfLine();
  }

  #globals(): void {
    const read = this.#expressions;
    for (read.at++; !read.atLineEnd; read.at++) if (read.word !== '') this.#scope.current.globals.add(read.word);
  }

  #delete(): void {
    const read = this.#expressions;
    read.at++;
    if (read.word !== '') this.#scope.unbind(read.word);
    this.#restOfLine();
  }

  /** Why only at the first level: deeper inside, `__name__` decides nothing about when the block runs. */
  #if(): void {
    const read = this.#expressions;
    read.at++;
    const asProgram = this.#blocks.length === 0 && (read.isWord('__name__') || this.#textAt(read.at) === '__main__');
    this.#record.asProgram = asProgram;
    this.#restOfLine();
    this.#record.asProgram = false;
    this.#opening = asProgram ? 'main' : 'other';
  }

  #textAt(at: number): string | undefined {
    const read = this.#expressions;
    const before = read.at;
    read.at = at;
    const { text } = read.kind === TOKEN.string ? read.expression() : UNKNOWN;
    read.at = before;
    return text;
  }

  /** Reads what is left of the line: a condition, and the body that may follow its colon. */
  #restOfLine(): void {
    while (!this.#expressions.atLineEnd) this.#expressionStatement();
  }

  /** `target = value`, `a = b = value`, `target: type = value`, a decorator, or a bare expression. */
  #expressionStatement(): void {
    const read = this.#expressions;
    if (read.isWord('import')) this.#import();
    else if (read.isWord('from')) this.#importFrom();
    const decorator = read.isOp(AT);
    const { line } = read;
    if (decorator) read.at++;
    const names: string[] = [];
    let from = read.at;
    let value = read.expression();
    if (decorator) this.#record.call(value, line, [UNKNOWN], []);
    if (read.isOp(COLON) && read.at - from === 1) {
      const target = this.#targetName(from, value);
      read.at++;
      read.expression();
      if (target !== undefined && read.isOp(ASSIGN)) names.push(target);
    }
    while (read.isOp(ASSIGN)) {
      const target = this.#targetName(from, value);
      if (target !== undefined) names.push(target);
      read.at++;
      from = read.at;
      value = this.#tuple();
    }
    for (const name of names) this.#scope.bind(name, value);
    if (!read.atLineEnd) read.at++;
  }

  /** The right side of an assignment: `a, b` is a mixture. */
  #tuple(): Value {
    const read = this.#expressions;
    const values = [read.expression()];
    while (read.isOp(COMMA)) {
      read.at++;
      values.push(read.expression());
    }
    return mergeValues(values);
  }

  /** The name an assignment binds, given where its target begins: a bare name, or `~self.attribute`. */
  #targetName(from: number, value: Value): string | undefined {
    const read = this.#expressions;
    const end = read.at;
    if (end - from === 1) {
      read.at = from;
      const { word } = read;
      read.at = end;
      return word === '' ? undefined : word;
    }
    const path = value.paths.find((one) => one.startsWith('~') && one.includes('.') && !one.includes('('));
    return path;
  }
}
