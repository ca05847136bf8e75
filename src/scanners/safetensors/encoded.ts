/** What a text may stand for. */
export interface Decoding {
  readonly encoding: 'text' | 'base64' | 'hex' | 'escapes';
  readonly bytes: Uint8Array;
}

/** Shortest decoded blob worth a look, in bytes. */
const MIN_BLOB = 16;
const MIN_TEXT = 8;
const BASE64 = /^(?:data:[\w./;=+-]{0,80}base64,)?([A-Za-z0-9+/_\s-]{22,}={0,2})\s*$/;

/** The bytes a metadata string may stand for, the likeliest reading last. Only whole strings: prose is no blob. */
export function* decodings(value: string): Iterable<Decoding> {
  const text = value.trim().replace(/^b?(['"])(.*)\1$/s, '$2');
  if (text.length >= MIN_TEXT) yield { encoding: 'text', bytes: Buffer.from(text, 'latin1') };
  if (/^[0-9a-fA-F]+$/.test(text) && text.length >= 2 * MIN_BLOB) yield { encoding: 'hex', bytes: Buffer.from(text, 'hex') };
  if (/^(?:[^\\]|\\.)*\\x[0-9a-fA-F]{2}/s.test(text.slice(0, 200))) yield { encoding: 'escapes', bytes: unescape(text) };
  const base64 = BASE64.exec(text)?.[1];
  if (base64 === undefined) return;
  const bytes = Buffer.from(base64.replaceAll(/\s/g, ''), 'base64');
  if (bytes.length >= MIN_BLOB) yield { encoding: 'base64', bytes };
}

function unescape(text: string): Uint8Array {
  const plain = text.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain.replaceAll('\\n', '\n'), 'latin1');
}
