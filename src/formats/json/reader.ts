import { malformed, truncated } from '../../core/errors.ts';
import { latin1 } from '../bytes/read.ts';
import { decodeJsonString } from './string.ts';

/** What {@link JsonReader.next} met. `key` and `string` set `text` to the decoded text, `number` to its spelling. */
export type JsonEvent = 'object' | 'object-end' | 'array' | 'array-end' | 'key' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end';

/** What a reader of JSON may be asked to bear. */
export interface JsonOptions {
  /** Nested containers, default 128. Why: `JSON.parse` and recursive readers overflow the stack on deep nesting. */
  readonly depth?: number;
  /** Accepts `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes and reads. Default false. */
  readonly nonFinite?: boolean;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LITERALS = { t: 'true', f: 'false', n: 'null' } as const;

/** What the grammar allows at the current place. */
type Expects = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'comma-or-end' | 'nothing';

/**
 * Strict JSON (RFC 8259) as a sequence of events: no recursion, no tree, byte offsets, bounded depth. Why not `JSON.parse`:
 * it hides duplicate keys, where two readers of one file see two different files, and holds everything at once.
 */
export class JsonReader {
  /** Byte offset of the last event. */
  offset = 0;
  /** Decoded text of the last `key` or `string`; spelling of the last `number`. */
  text = '';
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  readonly #nonFinite: boolean;
  readonly #open: ('object' | 'array')[] = [];
  #at = 0;
  #expects: Expects = 'value';

  constructor(bytes: Uint8Array, options: JsonOptions = {}) {
    this.#bytes = bytes;
    this.#maxDepth = options.depth ?? 128;
    this.#nonFinite = options.nonFinite ?? false;
    // RFC 8259 section 8.1 lets a reader skip a byte order mark; several loaders do.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3;
  }

  /** How many containers are open. */
  get depth(): number {
    return this.#open.length;
  }

  /** Reads on to the next event; throws `format.malformed` or `format.truncated`. `end` once the one value is complete. */
  next(): JsonEvent {
    let byte = this.#skipBlank();
    if (this.#expects === 'nothing') return this.#end(byte);
    if (this.#expects === 'comma-or-end' && byte === 0x2c) {
      this.#at++;
      this.#expects = this.#open.at(-1) === 'object' ? 'key' : 'value';
      byte = this.#skipBlank();
    }
    this.offset = this.#at;
    if (byte === undefined) throw truncated('JSON ends inside a value', this.#at);
    if (byte === 0x7d || byte === 0x5d) return this.#close(byte);
    switch (this.#expects) {
      case 'key':
      case 'key-or-end':
        return this.#key(byte);
      case 'comma-or-end':
        throw malformed('JSON lacks a comma', this.#at);
      default:
        return this.#value(byte);
    }
  }

  /** Skips the rest of the value whose first event was `begun`: nothing to do unless that opened a container. */
  skip(begun: JsonEvent): void {
    if (begun !== 'object' && begun !== 'array') return;
    const outside = this.depth - 1;
    while (this.depth > outside) this.next();
  }

  #skipBlank(): number | undefined {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.#at++;
    }
  }

  #end(byte: number | undefined): JsonEvent {
    if (byte !== undefined) throw malformed('bytes after the JSON value', this.#at);
    this.offset = this.#at;
    return 'end';
  }

  #close(byte: number): JsonEvent {
    const container = byte === 0x7d ? 'object' : 'array';
    const allowed = this.#expects === 'comma-or-end' || this.#expects === (container === 'object' ? 'key-or-end' : 'value-or-end');
    if (!allowed || this.#open.at(-1) !== container) throw malformed('JSON closes what is not open or not complete', this.#at);
    this.#open.pop();
    this.#at++;
    this.#settle();
    return container === 'object' ? 'object-end' : 'array-end';
  }

  #key(byte: number): JsonEvent {
    if (byte !== 0x22) throw malformed('JSON key is not a string', this.#at);
    this.#string();
    if (this.#skipBlank() !== 0x3a) throw malformed('JSON key without a colon', this.#at);
    this.#at++;
    this.#expects = 'value';
    return 'key';
  }

  #value(byte: number): JsonEvent {
    if (byte === 0x22) {
      this.#string();
      this.#settle();
      return 'string';
    }
    if (byte === 0x7b || byte === 0x5b) {
      if (this.#open.length >= this.#maxDepth) throw malformed(`JSON nests deeper than ${this.#maxDepth}`, this.#at);
      const container = byte === 0x7b ? 'object' : 'array';
      this.#open.push(container);
      this.#expects = container === 'object' ? 'key-or-end' : 'value-or-end';
      this.#at++;
      return container;
    }
    return this.#bare();
  }

  #string(): void {
    const { text, end } = decodeJsonString(this.#bytes, this.#at);
    this.text = text;
    this.#at = end;
  }

  #bare(): JsonEvent {
    let end = this.#at;
    while (end - this.#at < 1024 && isBare(this.#bytes[end])) end++;
    const word = latin1(this.#bytes.subarray(this.#at, end));
    const literal = LITERALS[word.charAt(0) as keyof typeof LITERALS];
    const isNumber = NUMBER.test(word) || (this.#nonFinite && /^(?:NaN|-?Infinity)$/.test(word));
    if (word !== literal && !isNumber) throw malformed(`not JSON: ${JSON.stringify(word.slice(0, 20))}`, this.#at);
    this.#at = end;
    this.text = word;
    this.#settle();
    return isNumber ? 'number' : (word as 'true' | 'false' | 'null');
  }

  #settle(): void {
    this.#expects = this.#open.length === 0 ? 'nothing' : 'comma-or-end';
  }
}

function isBare(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || isSign(byte);
}

function isSign(byte: number): boolean {
  return byte === 0x2b || byte === 0x2d || byte === 0x2e;
}
