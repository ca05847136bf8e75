import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { ByteCursor } from '../bytes/cursor.ts';
import { latin1, utf8 } from '../bytes/read.ts';

/** The atoms of R's serialisation, in one of its three encodings. */
export interface RInput {
  /** Offset of the next byte. */
  readonly offset: number;
  int(): number;
  /** Passes over `count` integers, reals or raw bytes. */
  skipInts(count: number): void;
  skipReals(count: number): void;
  skipRaw(count: number): void;
  /** A string of `length` bytes; only the first 256 are decoded. */
  text(length: number): string;
}

const SHOWN = 256;

/** Opens the serialisation that begins at `start` with `X\n`, `A\n` or `B\n`. */
export function openRInput(source: ByteSource, start: number): RInput {
  const magic = latin1(source.read(start, 2));
  if (magic === 'X\n') return binaryInput(source, start + 2, false);
  if (magic === 'B\n') return binaryInput(source, start + 2, true);
  if (magic === 'A\n') return new TextInput(source, start + 2);
  throw malformed('no R serialisation', start);
}

function binaryInput(source: ByteSource, start: number, littleEndian: boolean): RInput {
  const cursor = new ByteCursor(source, start);
  return {
    get offset() {
      return cursor.offset;
    },
    int: () => cursor.i32(littleEndian),
    skipInts: (count) => cursor.skip(count * 4),
    skipReals: (count) => cursor.skip(count * 8),
    skipRaw: (count) => cursor.skip(count),
    text: (length) => {
      const shown = utf8(cursor.bytes(Math.min(length, SHOWN)));
      cursor.skip(Math.max(0, length - SHOWN));
      return shown;
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', v: '\v', b: '\b', r: '\r', f: '\f', a: '\x07' };

/** The text encoding: one atom a line. */
class TextInput implements RInput {
  readonly #cursor: ByteCursor;

  constructor(source: ByteSource, start: number) {
    this.#cursor = new ByteCursor(source, start);
  }

  get offset(): number {
    return this.#cursor.offset;
  }

  int(): number {
    const word = this.#word(32);
    if (word === 'NA') return -(2 ** 31);
    const value = Number(word);
    if (!/^-?\d+$/.test(word) || value !== (value | 0)) throw malformed('not an integer', this.offset);
    return value;
  }

  skipInts(count: number): void {
    for (let i = 0; i < count; i++) this.#word(64);
  }

  skipReals(count: number): void {
    this.skipInts(count);
  }

  skipRaw(count: number): void {
    this.skipInts(count);
  }

  text(length: number): string {
    // Why five: an escaped byte has at most four characters, and the shown part is short.
    const word = this.#word(length * 5 + 64);
    return word.slice(0, SHOWN * 4).replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal: string | undefined, letter: string | undefined) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return ESCAPES[letter ?? ''] ?? letter ?? '';
    });
  }

  #word(longest: number): string {
    let word = '';
    for (let length = 0; ; length++) {
      if (length > longest) throw malformed('line is longer than its atom', this.offset);
      const byte = this.#cursor.u8();
      if (byte === 0x0a) {
        if (word !== '') return word;
      } else if (length < SHOWN * 5) word += String.fromCharCode(byte);
      if (this.#cursor.offset >= this.#cursor.source.size && byte !== 0x0a) {
        if (word === '') throw truncated('text ends inside an atom', this.offset);
        return word;
      }
    }
  }
}
