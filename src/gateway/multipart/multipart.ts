import { randomBytes } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';
import { readPartHeaders, unquotable } from './part-headers.ts';

/** One part of a form. */
export interface Part {
  readonly name: string;
  /** Name of the file; undefined for a field. */
  readonly filename: string | undefined;
  /** Media type of a file; undefined where the client named none. */
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Why: no form of any endpoint has more. */
const MAX_PARTS = 64;
const MAX_HEADER_BYTES = 4_096;
/** Why shorter than a file: fields are held as text, and read. */
const MAX_FIELD_BYTES = 4 * 1024 * 1024;
const BOUNDARY = /^multipart\/form-data;[ \t]*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+.-]{1,70}))[ \t]*$/i;

/**
 * Cuts a form (RFC 7578) into its parts, which share the bytes of `body`. Throws `request.invalid` for everything on which readers
 * disagree: text before, between or after the parts, a boundary that goes on, two ends, forms in forms, names that come twice.
 */
export function parseMultipart(body: Buffer, contentType: string | undefined): Part[] {
  const match = BOUNDARY.exec(contentType ?? '');
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw new CordonError('request.invalid', 'the body must be multipart/form-data with one plain boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const opening = delimiter.subarray(2);
  if (!body.subarray(0, opening.length).equals(opening)) throw malformedForm('it does not begin with its boundary');
  const parts: Part[] = [];
  let at = opening.length;
  while (!startsWith(body, at, '--')) {
    if (!startsWith(body, at, '\r\n')) throw malformedForm('a boundary goes on where it should end');
    if (parts.length === MAX_PARTS) throw malformedForm(`it has more than ${MAX_PARTS} parts`);
    const end = body.indexOf(delimiter, at);
    if (end < 0) throw malformedForm('it has no end');
    parts.push(readPart(body.subarray(at + 2, end)));
    at = end + delimiter.length;
  }
  const rest = body.length - at - 2;
  if (rest !== 0 && !(rest === 2 && startsWith(body, at + 2, '\r\n'))) throw malformedForm('something follows its end');
  const names = new Set<string>();
  for (const { name } of parts) {
    // Why: which of two fields counts, every server decides for itself.
    if (!name.endsWith('[]') && names.has(name)) throw malformedForm('a field comes twice');
    names.add(name);
  }
  return parts;
}

/** Writes a form anew. Why never the bytes that came: what was not understood here must not be understood elsewhere. */
export function writeMultipart(parts: readonly Part[], boundary: string): Buffer {
  const pieces: Buffer[] = [];
  for (const { name, filename, type, bytes } of parts) {
    const file = filename === undefined ? '' : `; filename="${unquotable(filename)}"`;
    const media = filename === undefined ? '' : `Content-Type: ${type ?? 'application/octet-stream'}\r\n`;
    pieces.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${media}\r\n`), bytes, CRLF);
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

/** A boundary that nobody can put into a part beforehand. */
export function newBoundary(): string {
  return `cordon-${randomBytes(24).toString('hex')}`;
}

const CRLF = Buffer.from('\r\n');

function readPart(bytes: Buffer): Part {
  // Why at the beginning too: a part without headers starts with the blank line.
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0 || end > MAX_HEADER_BYTES) throw malformedForm('a part has no headers, or more of them than are read');
  const { name, filename, type } = readPartHeaders(bytes.subarray(0, end));
  const content = bytes.subarray(end + 4);
  if (filename === undefined && (content.length > MAX_FIELD_BYTES || !isUtf8(content)))
    throw malformedForm('a field is not UTF-8, or longer than is read');
  return { name, filename, type, bytes: content };
}

function startsWith(body: Buffer, at: number, text: string): boolean {
  return body.toString('latin1', at, at + text.length) === text;
}

/** What is wrong with a form. */
export function malformedForm(why: string): CordonError {
  return new CordonError('request.invalid', `the form cannot be read: ${why}`);
}
