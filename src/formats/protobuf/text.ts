import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import { tagBytes, varintBytes } from './encode.ts';
import { unescapeText } from './text-escapes.ts';
import { LENGTH, MAX_MESSAGE_DEPTH, VARINT } from './wire.ts';

/** Messages by name, their fields by name: number and type. Types are `varint`, `bytes`, `type` or the name of a message. */
export type TextSchema = Readonly<Record<string, Readonly<Record<string, readonly [number: number, type: string]>>>>;

const CHARGE_EVERY = 1024;
/** One token: comment or blank, name, string, number, punctuation. Sticky, so that it never looks further than the token. */
const BLANK = /\s+|#[^\n]*/y;
const SEPARATOR = /[\s,;]+|#[^\n]*/y;
const NAME = /[A-Za-z_]\w*|\[[^\]\n]*\]/y;
const SCALAR = /[^\s,;{}<>[\]:"'#]+/y;

/**
 * Reads the text form of protobuf and writes the fields that a schema knows as wire bytes. Other fields are read past: the
 * schema names all that decides what the message does.
 */
export class TextParser {
  readonly #text: string;
  readonly #schema: TextSchema;
  readonly #enums: Readonly<Record<string, number>>;
  readonly #budget: Budget;
  #at = 0;
  #tokens = 0;

  constructor(text: string, schema: TextSchema, enums: Readonly<Record<string, number>>, budget: Budget) {
    this.#text = text;
    this.#schema = schema;
    this.#enums = enums;
    this.#budget = budget;
  }

  /** The whole text as one message of the schema. */
  message(name: string): Uint8Array {
    const parts = this.#fields(name, undefined, 0);
    return Buffer.concat(parts);
  }

  /** Fields up to `close`, or to the end of the text. */
  #fields(message: string | undefined, close: string | undefined, depth: number): Uint8Array[] {
    if (depth > MAX_MESSAGE_DEPTH) throw malformed('protobuf text: nested too deeply', this.#at);
    const parts: Uint8Array[] = [];
    for (;;) {
      this.#skip(SEPARATOR);
      if (this.#at >= this.#text.length) {
        if (close === undefined) return parts;
        throw malformed('protobuf text: message is not closed', this.#at);
      }
      if (close !== undefined && this.#take(close)) return parts;
      const name = this.#match(NAME);
      if (name === undefined) throw malformed('protobuf text: field name expected', this.#at);
      const known = message === undefined ? undefined : this.#schema[message];
      const field = known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
      this.#value(field, parts, depth);
    }
  }

  #value(field: readonly [number, string] | undefined, parts: Uint8Array[], depth: number): void {
    this.#skip(BLANK);
    this.#take(':');
    this.#skip(BLANK);
    if (!this.#take('[')) return this.#single(field, parts, depth);
    for (;;) {
      this.#skip(SEPARATOR);
      if (this.#take(']')) return;
      this.#single(field, parts, depth);
    }
  }

  #single(field: readonly [number, string] | undefined, parts: Uint8Array[], depth: number): void {
    this.#skip(BLANK);
    const close = this.#take('{') ? '}' : this.#take('<') ? '>' : undefined;
    if (close !== undefined) {
      const content = Buffer.concat(this.#fields(field?.[1], close, depth + 1));
      if (field !== undefined && Object.hasOwn(this.#schema, field[1])) pushLength(parts, field[0], content);
      return;
    }
    const strings: Uint8Array[] = [];
    for (let text = this.#string(); text !== undefined; text = this.#string()) {
      if (field?.[1] === 'bytes') strings.push(unescapeText(text.slice(1, -1)));
      else strings.push(new Uint8Array(0));
      this.#skip(BLANK);
    }
    if (strings.length > 0) {
      if (field?.[1] === 'bytes') pushLength(parts, field[0], Buffer.concat(strings));
      return;
    }
    const scalar = this.#match(SCALAR);
    if (scalar === undefined) throw malformed('protobuf text: value expected', this.#at);
    if (field?.[1] === 'varint' || field?.[1] === 'type') {
      parts.push(tagBytes(field[0], VARINT), varintBytes(this.#integer(scalar)));
    }
  }

  #integer(scalar: string): bigint {
    if (scalar === 'true') return 1n;
    if (scalar === 'false') return 0n;
    if (Object.hasOwn(this.#enums, scalar)) return BigInt(this.#enums[scalar] ?? 0);
    const digits = /^(-?)(0x[0-9a-f]+|\d+)$/i.exec(scalar);
    if (!digits || scalar.length > 24) return 0n;
    const value = BigInt(digits[2] ?? 0);
    return digits[1] === '-' ? -value : value;
  }

  /** A quoted string with its quotes. A loop and no pattern: a pattern would keep a way back for every one of its letters. */
  #string(): string | undefined {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") return undefined;
    const start = this.#at++;
    while (this.#at < this.#text.length) {
      const letter = this.#text[this.#at++];
      if (letter === '\\') this.#at++;
      else if (letter === quote) return this.#text.slice(start, this.#at);
      else if (letter === '\n') break;
    }
    throw malformed('protobuf text: string is not closed', start);
  }

  #skip(pattern: RegExp): void {
    while (this.#match(pattern) !== undefined);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    if (++this.#tokens % CHARGE_EVERY === 0) this.#budget.charge('steps', CHARGE_EVERY);
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function pushLength(parts: Uint8Array[], number: number, content: Uint8Array): void {
  parts.push(tagBytes(number, LENGTH), varintBytes(BigInt(content.length)), content);
}
