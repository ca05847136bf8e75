import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { ByteCursor } from '../bytes/cursor.ts';
import { utf8 } from '../bytes/read.ts';

/** A payload inside the document, never read by the walk itself. */
export interface MsgpackLeaf {
  readonly kind: 'bin' | 'ext';
  /** Type of an extension, -128 to 127; 0 for plain bytes. */
  readonly type: number;
  readonly offset: number;
  readonly length: number;
  /** Keys from the top to the leaf, joined by `/`. */
  readonly path: string;
}

/** Why 512: the reference decoders refuse deeper documents, because they recurse. */
const MAX_DEPTH = 512;
const MAX_KEY_BYTES = 256;

/** An open array or map; `left` counts values, keys included. */
interface Frame {
  left: number;
  readonly isMap: boolean;
  key: string;
}

/** One value: a container with its number of slots, a string, a payload, or a scalar of no interest. */
type Token = { readonly slots: number; readonly isMap: boolean } | { readonly text: number } | Omit<MsgpackLeaf, 'path'> | undefined;

/**
 * Walks one document from its top-level map to the last byte and yields its binary leaves. `step` is called for each value.
 * Throws when it is not one complete map with text keys.
 */
export function* walkMsgpack(source: ByteSource, step: () => void): Generator<MsgpackLeaf> {
  const cursor = new ByteCursor(source);
  const stack: Frame[] = [{ left: 1, isMap: false, key: '' }];
  while (stack.length > 0) {
    step();
    const frame = stack.at(-1) as Frame;
    if (frame.left === 0) {
      stack.pop();
      continue;
    }
    const isKey = frame.isMap && frame.left % 2 === 0;
    frame.left--;
    const token = readToken(cursor);
    if (stack.length === 1 && !(token !== undefined && 'isMap' in token && token.isMap && token.slots > 0))
      throw malformed('the top is not a map', 0);
    if (isKey) frame.key = readKey(cursor, token, stack.length === 2);
    else if (token === undefined) continue;
    else if ('text' in token) cursor.skip(token.text);
    else if ('slots' in token) open(stack, token, source.size - cursor.offset);
    else {
      cursor.skip(token.length);
      yield { ...token, path: pathOf(stack) };
    }
  }
  if (cursor.offset !== source.size) throw malformed('bytes behind the document', cursor.offset);
}

function open(stack: Frame[], { slots, isMap }: { slots: number; isMap: boolean }, left: number): void {
  if (slots > left) throw malformed('container has more values than bytes');
  if (stack.length > MAX_DEPTH) throw malformed('document is nested too deeply');
  stack.push({ left: slots, isMap, key: '' });
}

/** Keys at the top must be text, as strings or (msgpack-numpy) as bytes; further down numbers occur as well. */
function readKey(cursor: ByteCursor, token: Token, top: boolean): string {
  const length = keyLength(token);
  if (length === undefined) {
    if (top || (token !== undefined && 'slots' in token)) throw malformed('key is not text', cursor.offset);
    if (token !== undefined && 'length' in token) cursor.skip(token.length);
    return '#';
  }
  if (top && (length === 0 || length > MAX_KEY_BYTES)) throw malformed('key is empty or long', cursor.offset);
  const start = cursor.offset;
  const shown = utf8(cursor.bytes(Math.min(length, MAX_KEY_BYTES)));
  cursor.skip(length - (cursor.offset - start));
  if (top && /[\p{Cc}\ufffd]/u.test(shown)) throw malformed('key is not text', start);
  return shown;
}

function keyLength(token: Token): number | undefined {
  if (token === undefined || 'slots' in token) return undefined;
  if ('text' in token) return token.text;
  return token.kind === 'bin' ? token.length : undefined;
}

function pathOf(stack: readonly Frame[]): string {
  return stack
    .slice(1)
    .map((frame) => frame.key || '*')
    .join('/')
    .slice(0, 200);
}

function readToken(cursor: ByteCursor): Token {
  const tag = cursor.u8();
  if (tag <= 0x7f || tag >= 0xe0) return undefined;
  if (tag <= 0x8f) return { slots: (tag & 15) * 2, isMap: true };
  if (tag <= 0x9f) return { slots: tag & 15, isMap: false };
  if (tag <= 0xbf) return { text: tag & 31 };
  return readTagged(cursor, tag);
}

/** Bytes of the fixed-size scalars 0xca to 0xd3. */
const SCALARS = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

function readTagged(cursor: ByteCursor, tag: number): Token {
  if (tag === 0xc0 || tag === 0xc2 || tag === 0xc3) return undefined;
  if (tag >= 0xc4 && tag <= 0xc6) return leaf(cursor, 'bin', readLength(cursor, tag - 0xc4));
  if (tag >= 0xc7 && tag <= 0xc9) return leaf(cursor, 'ext', readLength(cursor, tag - 0xc7));
  if (tag >= 0xca && tag <= 0xd3) {
    cursor.skip(SCALARS[tag - 0xca] ?? 0);
    return undefined;
  }
  if (tag >= 0xd4 && tag <= 0xd8) return leaf(cursor, 'ext', 2 ** (tag - 0xd4));
  if (tag >= 0xd9 && tag <= 0xdb) return { text: readLength(cursor, tag - 0xd9) };
  if (tag === 0xdc || tag === 0xdd) return { slots: readLength(cursor, tag - 0xdb), isMap: false };
  if (tag === 0xde || tag === 0xdf) return { slots: readLength(cursor, tag - 0xdd) * 2, isMap: true };
  throw malformed('unused type byte 0xc1', cursor.offset - 1);
}

function leaf(cursor: ByteCursor, kind: MsgpackLeaf['kind'], length: number): Token {
  const type = kind === 'ext' ? (cursor.u8() << 24) >> 24 : 0;
  return { kind, type, offset: cursor.offset, length };
}

function readLength(cursor: ByteCursor, width: number): number {
  if (width === 0) return cursor.u8();
  return width === 1 ? cursor.u16() : cursor.u32();
}
