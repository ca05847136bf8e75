import { malformedSignature } from './strict-json.ts';

/** One element of DER: its tag and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The elements inside a constructed one, in order. Throws `signature.malformed` for anything but definite lengths in their shortest form. */
export function derElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const { length, size } = lengthAt(bytes, at + 1);
    const start = at + 1 + size;
    if ((tag & 0x1f) === 0x1f || start + length > bytes.length) throw malformedSignature('the certificate is no DER');
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** Why 3 bytes: certificates are read up to 64 KiB. */
const LENGTH_BYTES = 3;

function lengthAt(bytes: Uint8Array, at: number): { length: number; size: number } {
  const first = bytes[at];
  if (first === undefined) throw malformedSignature('the certificate ends inside a length');
  if (first < 0x80) return { length: first, size: 1 };
  const count = first & 0x7f;
  if (count === 0 || count > LENGTH_BYTES || at + count >= bytes.length)
    throw malformedSignature('the certificate has a length that is no DER');
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[at + index] ?? 0);
  if (length < 0x80 || (count > 1 && length < 256 ** (count - 1))) throw malformedSignature('the certificate has a length that is no DER');
  return { length, size: count + 1 };
}

/** An object identifier in its dotted form. */
export function derOid(content: Uint8Array): string {
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 256) throw malformedSignature('the certificate has an object identifier without end');
    if (byte & 0x80) continue;
    arcs.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}
