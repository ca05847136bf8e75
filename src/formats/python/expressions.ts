import type { LexedPython } from './lexer.ts';
import type { Recorder } from './recorder.ts';
import type { Scope } from './scope.ts';
import { callResult, itemOf, textMethod } from './special-calls.ts';
import { stringValue } from './string-value.ts';
import { opValue, TOKEN } from './tokens.ts';
import { attributeOf, mergeValues, mixedValue, textValue, UNKNOWN, type Value } from './value.ts';

const OPEN = opValue('(');
const CLOSE = opValue(')');
const OPEN_LIST = opValue('[');
const CLOSE_LIST = opValue(']');
const OPEN_SET = opValue('{');
const CLOSE_SET = opValue('}');
const COMMA = opValue(',');
const COLON = opValue(':');
const DOT = opValue('.');
const ASSIGN = opValue('=');
const WALRUS = opValue(':=');
const PLUS = opValue('+');
const MINUS = opValue('-');
const SEMICOLON = opValue(';');
const STOPS = new Set([CLOSE, CLOSE_LIST, CLOSE_SET, COMMA, COLON, ASSIGN, SEMICOLON]);

const WORDS = new Set(
  'and or not if else elif in is await yield from for async lambda return raise assert while try finally pass break continue'.split(' '),
);
const CONSTANTS = new Set(['None', 'True', 'False']);

/**
 * Reads expressions left to right and says what their values may stand for. It knows primaries (names, attributes, calls,
 * subscripts, literals), not precedence: an operator makes a mixture. Recursion follows brackets, whose depth the lexer
 * bounds.
 */
export class ExpressionReader {
  at = 0;
  readonly #lexed: LexedPython;
  readonly #scope: Scope;
  readonly #record: Recorder;

  constructor(lexed: LexedPython, scope: Scope, record: Recorder) {
    this.#lexed = lexed;
    this.#scope = scope;
    this.#record = record;
  }

  get kind(): number {
    return this.at < this.#lexed.tokens.length ? this.#lexed.tokens.kinds[this.at]! : TOKEN.newline;
  }

  get line(): number {
    return this.#lexed.tokens.lines[Math.min(this.at, this.#lexed.tokens.length - 1)] ?? 1;
  }

  /** The name at the cursor, or an empty string. */
  get word(): string {
    return this.kind === TOKEN.name ? this.#lexed.names[this.#lexed.tokens.values[this.at]!]! : '';
  }

  isWord(word: string): boolean {
    return this.word === word;
  }

  isOp(value: number, ahead = 0): boolean {
    const { tokens } = this.#lexed;
    const at = this.at + ahead;
    return at < tokens.length && tokens.kinds[at] === TOKEN.op && tokens.values[at] === value;
  }

  /** True at the end of a logical line, or of the file. */
  get atLineEnd(): boolean {
    const kind = this.kind;
    return kind === TOKEN.newline || kind === TOKEN.indent || kind === TOKEN.dedent;
  }

  /** Reads one expression up to a comma, a colon, an assignment, a closing bracket or the end of the line. */
  expression(): Value {
    const operands: Value[] = [];
    const targets: string[] = [];
    let sum = true;
    while (!this.atLineEnd) {
      const { kind } = this;
      if (kind === TOKEN.op) {
        const value = this.#lexed.tokens.values[this.at]!;
        if (STOPS.has(value)) break;
        if (value === OPEN || value === OPEN_LIST || value === OPEN_SET) operands.push(this.#primary());
        else if (value === WALRUS) {
          this.at++;
          const target = operands.pop()?.paths.find((path) => !path.includes('.'));
          if (target !== undefined) targets.push(target.replace(/^~/, ''));
        } else {
          if (value !== PLUS) sum = false;
          this.at++;
        }
        continue;
      }
      if (kind === TOKEN.fstringText || kind === TOKEN.fstringEnd) break;
      const { word } = this;
      if (word === 'as') break;
      if (word === 'lambda') {
        this.#lambda();
        sum = false;
      } else if (WORDS.has(word)) {
        this.at++;
        sum = false;
      } else operands.push(this.#primary());
    }
    const value = valueOf(operands, sum);
    for (const target of targets) this.#scope.bind(target, value);
    return value;
  }

  /** Reads expressions up to a closing bracket and steps over it. */
  listUntil(closing: number): { values: Value[]; keywords: string[]; commas: boolean } {
    const values: Value[] = [];
    const keywords: string[] = [];
    let commas = false;
    for (;;) {
      if (this.atLineEnd || this.at >= this.#lexed.tokens.length) break;
      if (this.kind === TOKEN.op && STOPS.has(this.#lexed.tokens.values[this.at]!)) {
        const isEnd = this.isOp(closing);
        const isBreak = !isEnd && (this.isOp(CLOSE) || this.isOp(CLOSE_LIST) || this.isOp(CLOSE_SET));
        if (this.isOp(COMMA)) commas = true;
        this.at++;
        if (isEnd || isBreak) break;
        continue;
      }
      const { word } = this;
      if (word !== '' && this.isOp(ASSIGN, 1)) {
        keywords.push(word);
        this.at += 2;
        continue;
      }
      const before = this.at;
      if (word === 'as') this.bindAs(values.at(-1) ?? UNKNOWN);
      else values.push(this.expression());
      if (this.at === before) this.at++;
    }
    return { values, keywords, commas };
  }

  /** At `as NAME`: binds the name. */
  bindAs(value: Value): void {
    this.at++;
    if (this.word === '') return;
    this.#scope.bind(this.word, value);
    this.at++;
  }

  #lambda(): void {
    this.at++;
    while (!this.atLineEnd && !this.isOp(COLON)) {
      if (this.isOp(ASSIGN)) {
        this.at++;
        this.expression();
      } else this.at++;
    }
    if (this.isOp(COLON)) this.at++;
  }

  #primary(): Value {
    let value = this.#atom();
    let reference = false;
    for (;;) {
      if (this.isOp(DOT)) {
        this.at++;
        const name = this.word;
        if (name === '') break;
        this.at++;
        if (this.isOp(OPEN) && value.text !== undefined) {
          value = this.#textCall(value, name);
          continue;
        }
        value = attributeOf(value, name);
        const bound = value.paths.length === 1 ? this.#scope.attribute(value.paths[0]!) : UNKNOWN;
        if (bound !== UNKNOWN) value = mergeValues([value, bound]);
        reference = true;
      } else if (this.isOp(OPEN)) {
        value = this.#call(value);
        reference = false;
      } else if (this.isOp(OPEN_LIST)) {
        if (reference) this.#record.reference(value, this.line);
        value = this.#item(value);
        reference = value.paths.length > 0;
      } else break;
    }
    if (reference || value.paths.some((path) => path.includes('.'))) this.#record.reference(value, this.line);
    return value;
  }

  #call(callee: Value): Value {
    const { line } = this;
    this.at++;
    const { values, keywords } = this.listUntil(CLOSE);
    this.#record.call(callee, line, values, keywords);
    return callResult(callee, values);
  }

  #textCall(receiver: Value, method: string): Value {
    this.at++;
    const { values } = this.listUntil(CLOSE);
    return textMethod(receiver, method, values) ?? mixedValue([receiver, ...values]);
  }

  #item(value: Value): Value {
    const { line } = this;
    this.at++;
    if (value.text !== undefined && this.isOp(COLON) && this.isOp(COLON, 1) && this.isOp(MINUS, 2)) {
      this.listUntil(CLOSE_LIST);
      return textValue([...value.text].toReversed().join(''));
    }
    const { values } = this.listUntil(CLOSE_LIST);
    const index = values.length === 1 ? values[0]! : mixedValue(values);
    if (value.paths.includes('os.environ')) this.#record.call(attributeOf(value, '__getitem__'), line, [index], []);
    return itemOf(value, index, (name) => this.#scope.lookup(name));
  }

  #atom(): Value {
    if (this.isOp(OPEN)) {
      this.at++;
      const { values, commas } = this.listUntil(CLOSE);
      return values.length === 1 && !commas ? values[0]! : mixedKeepingPaths(values);
    }
    if (this.isOp(OPEN_LIST) || this.isOp(OPEN_SET)) {
      const closing = this.isOp(OPEN_LIST) ? CLOSE_LIST : CLOSE_SET;
      this.at++;
      return mixedKeepingPaths(this.listUntil(closing).values);
    }
    if (this.kind === TOKEN.string || this.kind === TOKEN.fstringStart) return this.#strings();
    const { word } = this;
    this.at++;
    if (word === '' || CONSTANTS.has(word)) return UNKNOWN;
    return this.#scope.lookup(word);
  }

  /** Adjacent string literals: one constant, unless an f-string puts something else in. */
  #strings(): Value {
    const parts: Value[] = [];
    let text: string | undefined = '';
    for (;;) {
      if (this.kind === TOKEN.string) {
        const part = stringValue(this.#lexed, this.at++);
        text = text === undefined || part === undefined ? undefined : text + part;
        if (part !== undefined && part.length <= 512) parts.push(textValue(part));
      } else if (this.kind === TOKEN.fstringStart) {
        this.at++;
        const filled = this.#fstring(parts);
        text = text === undefined || filled === undefined ? undefined : text + filled;
      } else break;
    }
    if (text !== undefined) {
      this.#record.text(text);
      return textValue(text);
    }
    return mixedValue(parts);
  }

  /** The text of an f-string without fields; its parts are added to `parts`. */
  #fstring(parts: Value[]): string | undefined {
    let text: string | undefined = '';
    while (this.kind !== TOKEN.fstringEnd && this.at < this.#lexed.tokens.length && !this.atLineEnd) {
      if (this.kind === TOKEN.fstringText) {
        const part = stringValue(this.#lexed, this.at++);
        if (part !== undefined) {
          this.#record.text(part);
          parts.push(textValue(part));
          text = text === undefined ? undefined : text + part;
        }
        continue;
      }
      const before = this.at;
      const value = this.expression();
      if (value.text === undefined && this.at > before) text = undefined;
      if (this.at > before) parts.push(value);
      if (this.kind === TOKEN.op) this.at++;
      else if (this.at === before) break;
    }
    if (this.kind === TOKEN.fstringEnd) this.at++;
    return text;
  }
}

/** A tuple, list or set: what is in it may be called later, so its names are kept. */
function mixedKeepingPaths(values: readonly Value[]): Value {
  return values.length === 0 ? UNKNOWN : { ...mergeValues([UNKNOWN, ...values]) };
}

/** The value of operands joined by operators; `sum` when all of these are `+`. */
function valueOf(operands: readonly Value[], sum: boolean): Value {
  if (operands.length === 0) return UNKNOWN;
  if (operands.length === 1) return operands[0]!;
  if (sum && operands.every((operand) => operand.text !== undefined)) {
    return textValue(
      operands
        .map((operand) => operand.text)
        .join('')
        .slice(0, 4096),
    );
  }
  return mergeValues(operands);
}
