/**
 * A JSON text in UTF-8, whatever Unicode encoding it comes in. Why: Python's `json.loads` takes bytes and tells UTF-8, 16 and
 * 32 apart by their zero bytes, so a configuration in UTF-16 loads as well as any other.
 */
export function jsonBytes(bytes: Uint8Array): Uint8Array {
  const zero = [0, 1, 2, 3].map((i) => bytes[i] === 0);
  if (zero[0] === true && zero[1] === true) return from32(bytes, false);
  if (zero[1] === true && zero[2] === true && zero[3] === true) return from32(bytes, true);
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return zero[2] === true && zero[3] === true ? from32(bytes.subarray(4), true) : from16(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return from16(bytes, 'utf-16be');
  if (zero[0] === true) return from16(bytes, 'utf-16be');
  if (zero[1] === true) return from16(bytes, 'utf-16le');
  return bytes;
}

function from16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Uint8Array {
  return new TextEncoder().encode(new TextDecoder(encoding).decode(bytes));
}

function from32(bytes: Uint8Array, little: boolean): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little);
    if (point !== 0xfeff) units.push(String.fromCodePoint(point <= 0x10ffff ? point : 0xfffd));
  }
  return new TextEncoder().encode(units.join(''));
}

const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** True when the bytes begin like a JSON object, in any encoding that Python's `json.loads` takes. */
export function beginsLikeJsonObject(head: Uint8Array): boolean {
  const text = jsonBytes(head.subarray(0, 4096 - (4096 % 4)));
  let at = text[0] === 0xef ? 3 : 0;
  while (BLANK.has(text[at] ?? 0)) at++;
  return text[at] === 0x7b;
}

/** `class_name` as it stands, or a JSON escape that could be part of it. */
const MENTION = /class_name|\\u00(?:5f|6[135cCdDeE]|73)/i;

/** A quick test before a large text is parsed: can it hold a Keras object at all? */
export function mentionsClassName(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.includes('class_name') || (buffer.includes('\\u00') && MENTION.test(buffer.toString('latin1')));
}
