import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';

/** What the headers of a part of a form say. */
export interface PartHeaders {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string | undefined;
}

const MAX_HEADERS = 8;
const HEADER = /^([A-Za-z][A-Za-z-]{0,63}):[ \t]*(.*?)[ \t]*$/;
const NAME = /^[A-Za-z_][\w.-]{0,63}(?:\[\w{0,32}\])?$/;
const DISPOSITION = /^form-data((?:;[ \t]*[A-Za-z*]+=(?:"[^"]*"|[\w.-]+)[ \t]*)+)$/i;
const PARAMETER = /;[ \t]*([A-Za-z*]+)=(?:"([^"]*)"|([\w.-]+))/g;
/** Why no parameters: the character set of a file is nothing that anybody here goes by. */
const MEDIA_TYPE = /^([A-Za-z][\w.+-]{0,63}\/[A-Za-z0-9][\w.+-]{0,127})(?:[ \t]*;.*)?$/;

/** Reads the headers of a part. Throws `request.invalid` for everything that two readers could read in two ways. */
export function readPartHeaders(bytes: Buffer): PartHeaders {
  const text = bytes.toString('utf8');
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!isUtf8(bytes) || /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\\]|\r(?!\n)|(?<!\r)\n/.test(text)) throw refused('its headers are no plain text');
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined || value === undefined) throw refused('a line is no header');
    const key = name.toLowerCase();
    if (headers.has(key) || headers.size === MAX_HEADERS) throw refused('it has a header twice, or too many of them');
    headers.set(key, value);
  }
  if (headers.has('content-transfer-encoding')) throw refused('it is encoded once more');
  const { name, filename } = readDisposition(headers.get('content-disposition') ?? '');
  const given = headers.get('content-type');
  const type = given === undefined ? undefined : MEDIA_TYPE.exec(given)?.[1]?.toLowerCase();
  if (given !== undefined && (type === undefined || type.startsWith('multipart/'))) throw refused('its content type is not taken');
  return { name, filename, type };
}

function readDisposition(value: string): { name: string; filename: string | undefined } {
  const [, list] = DISPOSITION.exec(value) ?? [];
  const found = new Map<string, string>();
  for (const [, key = '', quoted, plain] of (list ?? '').matchAll(PARAMETER)) {
    const name = key.toLowerCase();
    // Why `filename*` too: it names the file a second time, and readers choose between the two.
    if ((name !== 'name' && name !== 'filename') || found.has(name)) throw refused('its disposition says more than a name');
    found.set(name, quoted ?? plain ?? '');
  }
  const name = found.get('name');
  if (name === undefined || !NAME.test(name) || name === '_charset_') throw refused('it has no plain name');
  const filename = found.get('filename');
  if (filename !== undefined && Buffer.byteLength(filename) > 512) throw refused('the name of its file is too long');
  return { name, filename };
}

/** A file name without what would end it, or what leads to another folder. */
export function unquotable(filename: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  return filename.replaceAll(/[\x00-\x1f\x7f"\\/]/g, '_');
}

function refused(why: string): CordonError {
  return new CordonError('request.invalid', `a part of the form cannot be read: ${why}`);
}
