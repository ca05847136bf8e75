import { malformed } from '../../core/errors.ts';
import { Op } from './opcodes.ts';
import { decodeStringLine, decodeUnicodeLine, KEPT_TEXT, NAME_LINE } from './text.ts';
import { BOOL, OPAQUE, type Value } from './values.ts';
import type { Window } from './window.ts';

/** Longs up to this many bytes stay numbers; `Number` is exact for them. */
const EXACT_LONG = 6;
/** Longs up to this many bytes are kept as hex: one of them is a magic number. */
const KEPT_LONG = 24;
const FLOAT = /^[+-]?(\d[\d_]*\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf|infinity|nan)$/i;
const INTEGER = /^[+-]?(\d[\d_]*|0[xX]_?[\da-fA-F_]+|0[oO]_?[0-7_]+|0[bB]_?[01_]+)$/;

/** `INT`, `LONG` and `FLOAT`: a number written as a line of text. */
export function readNumberLine(window: Window, opcode: number): Value {
  const { text, complete } = window.line(KEPT_TEXT);
  if (!complete) return OPAQUE;
  if (opcode === Op.INT && (text === '00' || text === '01')) return BOOL;
  const number = opcode === Op.LONG ? text.trim().replace(/L$/, '') : text.trim();
  const pattern = opcode === Op.FLOAT ? FLOAT : INTEGER;
  if (!pattern.test(number)) throw malformed(`not a number: ${JSON.stringify(text.slice(0, 40))}`);
  return opcode === Op.FLOAT ? 0.5 : Number(number.replaceAll('_', ''));
}

/** `LONG1` and `LONG4`: two's complement, little-endian. */
export function readLong(window: Window, length: number): Value {
  if (length < 0) throw malformed('negative length of a long');
  if (length <= EXACT_LONG) {
    const bytes = window.bytes(length);
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[i] as number);
    const isNegative = length > 0 && (bytes[length - 1] as number) >= 128;
    return isNegative ? value - 256 ** length : value;
  }
  if (length <= KEPT_LONG) return `long:${Buffer.from(window.bytes(length)).toString('hex')}`;
  window.skip(length);
  return OPAQUE;
}

/** `STRING` and `UNICODE`: text written as a line with escapes. */
export function readTextLine(window: Window, opcode: number): Value {
  const offset = window.offset;
  const { text, complete } = window.line(NAME_LINE);
  const place = (): Value => ({ kind: 'text', offset, length: window.offset - 1 - offset, escaped: true });
  if (!complete) return place();
  const decoded = opcode === Op.UNICODE ? decodeUnicodeLine(text) : decodeStringLine(text);
  if (decoded === undefined) throw malformed('text without quotes');
  return decoded.length <= KEPT_TEXT ? decoded : place();
}

/** Counted text: kept when short, its place otherwise. */
export function readText(window: Window, length: number): Value {
  if (length < 0) throw malformed('negative length of a text');
  if (length <= KEPT_TEXT) return window.text(length);
  const offset = window.offset;
  window.skip(length);
  return { kind: 'text', offset, length };
}
