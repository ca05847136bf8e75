import { isUtf8 } from 'node:buffer';

/** Bytes read as text. */
export interface ReadableBytes {
  readonly text: string;
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
}

/** Characters that no text has, whatever its language. Why not tabs, line ends, form feeds and escapes: logs and listings have them. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f\ufffd]/;
/** Why: what is no text shows it at once, and pictures are long. Even, so that no unit of UTF-16 is cut. */
const PROBE_BYTES = 1_024;

/** Bytes as the text that they are; undefined for anything else. Why not what is said about them: whoever reads them reads what they are. */
export function readableBytes(bytes: Buffer): ReadableBytes | undefined {
  if (bytes.length === 0 || !beginsReadable(bytes.subarray(0, PROBE_BYTES))) return undefined;
  const encoding = encodingOf(bytes.subarray(0, PROBE_BYTES))!;
  if (encoding === 'utf8' && !isUtf8(bytes)) return undefined;
  const text = decoded(bytes, encoding);
  return CONTROL.test(text) ? undefined : { text, encoding };
}

/** Whether bytes that begin like this may be text. A character may be cut at the end. */
export function beginsReadable(head: Buffer): boolean {
  const encoding = encodingOf(head);
  if (encoding === undefined) return false;
  if (encoding !== 'utf8') return !CONTROL.test(decoded(head, encoding));
  try {
    return !CONTROL.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }));
  } catch {
    return false;
  }
}

/** A text as bytes of the encoding that it came in. */
export function bytesOf({ text, encoding }: ReadableBytes): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf16be' ? bytes.swap16() : bytes;
}

/** The encoding of two bytes for a letter that bytes begin like; undefined: none. */
export function utf16Of(head: Buffer): 'utf16le' | 'utf16be' | undefined {
  const encoding = encodingOf(head);
  return encoding === 'utf8' ? undefined : encoding;
}

function encodingOf(head: Buffer): ReadableBytes['encoding'] | undefined {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return 'utf16le';
  if (mark === 0xfeff) return 'utf16be';
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]!++;
  if (zeros[0] === 0 && zeros[1] === 0) return 'utf8';
  // Why a third: texts of most languages have spaces, digits and line ends, whose other half is zero.
  if (zeros[0] === 0 && zeros[1]! * 6 >= head.length) return 'utf16le';
  return zeros[1] === 0 && zeros[0]! * 6 >= head.length ? 'utf16be' : undefined;
}

function decoded(bytes: Buffer, encoding: ReadableBytes['encoding']): string {
  if (encoding === 'utf8') return bytes.toString('utf8');
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return (encoding === 'utf16be' ? Buffer.from(whole).swap16() : whole).toString('utf16le');
}
