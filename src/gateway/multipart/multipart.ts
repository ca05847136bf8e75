import { randomBytes } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import { bytesOf, type Spool } from '../spool/spool.ts';
import { readPartHeaders, unquotable } from './part-headers.ts';

/** One part of a form. */
export interface Part {
  readonly name: string;
  /** Name of the file; undefined for a field. */
  readonly filename: string | undefined;
  /** Media type of a file; undefined where the client named none. */
  readonly type: string | undefined;
  readonly content: Buffer | Streamed;
}

/** Why: no form of any endpoint has more. */
const MAX_PARTS = 64;
const MAX_HEADER_BYTES = 4_096;
/** Why shorter than a file: fields are held as text, and read. */
const MAX_FIELD_BYTES = 4 * 1024 * 1024;
const MAX_FIELDS_BYTES = 8 * 1024 * 1024;
const BOUNDARY = /^multipart\/form-data;[ \t]*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+.-]{1,70}))[ \t]*$/i;

/**
 * Cuts a form (RFC 7578) into its parts: fields as bytes, files as stretches of what was sent. Throws `request.invalid` for everything on
 * which readers disagree: text before, between or after the parts, a boundary that goes on, two ends, forms in forms, names that come twice.
 */
export async function parseMultipart(body: Spool, contentType: string | undefined): Promise<Part[]> {
  const match = BOUNDARY.exec(contentType ?? '');
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw new CordonError('request.invalid', 'the body must be multipart/form-data with one plain boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const opening = delimiter.subarray(2);
  if (!(await bytesOf(body.range(0, Math.min(body.length, opening.length)))).equals(opening))
    throw malformedForm('it does not begin with its boundary');
  const parts: Part[] = [];
  let at = opening.length;
  let fieldBytes = 0;
  while (!(await startsWith(body, at, '--'))) {
    if (!(await startsWith(body, at, '\r\n'))) throw malformedForm('a boundary goes on where it should end');
    if (parts.length === MAX_PARTS) throw malformedForm(`it has more than ${MAX_PARTS} parts`);
    const end = await body.find(delimiter, at);
    if (end < 0) throw malformedForm('it has no end');
    const part = await readPart(body, at + 2, end);
    if (Buffer.isBuffer(part.content)) fieldBytes += part.content.length;
    if (fieldBytes > MAX_FIELDS_BYTES) throw malformedForm('its fields are longer than is read');
    parts.push(part);
    at = end + delimiter.length;
  }
  const rest = body.length - at - 2;
  if (rest !== 0 && !(rest === 2 && (await startsWith(body, at + 2, '\r\n')))) throw malformedForm('something follows its end');
  const names = new Set<string>();
  for (const { name } of parts) {
    // Why: which of two fields counts, every server decides for itself.
    if (!name.endsWith('[]') && names.has(name)) throw malformedForm('a field comes twice');
    names.add(name);
  }
  return parts;
}

/** Writes a form anew. Why never the bytes that came: what was not understood here must not be understood elsewhere. */
export function writeMultipart(parts: readonly Part[], boundary: string): Streamed {
  const pieces = parts.flatMap(({ name, filename, type, content }): (Buffer | Streamed)[] => {
    const file = filename === undefined ? '' : `; filename="${unquotable(filename)}"`;
    const media = filename === undefined ? '' : `Content-Type: ${type ?? 'application/octet-stream'}\r\n`;
    return [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${media}\r\n`), content, CRLF];
  });
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    length: pieces.reduce((sum, { length }) => sum + length, 0),
    async *open() {
      for (const piece of pieces) {
        if (Buffer.isBuffer(piece)) yield piece;
        else yield* piece.open();
      }
    },
  };
}

/** A boundary that nobody can put into a part beforehand. */
export function newBoundary(): string {
  return `cordon-${randomBytes(24).toString('hex')}`;
}

const CRLF = Buffer.from('\r\n');
const END_OF_HEADERS = '\r\n\r\n';

async function readPart(body: Spool, from: number, to: number): Promise<Part> {
  const head = await bytesOf(body.range(from, Math.min(to, from + MAX_HEADER_BYTES + END_OF_HEADERS.length)));
  // Why at the beginning too: a part without headers starts with the blank line.
  const end = head.indexOf(END_OF_HEADERS);
  if (end < 0 || end > MAX_HEADER_BYTES) throw malformedForm('a part has no headers, or more of them than are read');
  const { name, filename, type } = readPartHeaders(head.subarray(0, end));
  const content = body.range(from + end + END_OF_HEADERS.length, to);
  if (filename !== undefined) return { name, filename, type, content };
  if (content.length > MAX_FIELD_BYTES) throw malformedForm('a field is longer than is read');
  const bytes = await bytesOf(content);
  if (!isUtf8(bytes)) throw malformedForm('a field is not UTF-8');
  return { name, filename, type, content: bytes };
}

async function startsWith(body: Spool, at: number, text: string): Promise<boolean> {
  const end = at + text.length;
  return end <= body.length && (await bytesOf(body.range(at, end))).toString('latin1') === text;
}

/** What is wrong with a form. */
export function malformedForm(why: string): CordonError {
  return new CordonError('request.invalid', `the form cannot be read: ${why}`);
}
