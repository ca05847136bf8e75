import { CordonError } from '../../core/errors.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { Spool } from '../spool/spool.ts';
import { malformedForm, newBoundary, type Part, parseMultipart, writeMultipart } from './multipart.ts';

/** A form as an object: fields are texts, lists where their name ends with `[]`; files are what is said of them. */
export interface FormBody {
  readonly json: JsonObject;
  readonly files: readonly Part[];
  /** The form with the fields, and the names of files, that the object has by now. */
  write(json: JsonObject): Streamed;
  /** Content type of what is written. */
  readonly contentType: string;
}

/**
 * Reads a form whose files are in the fields `fileFields` and nowhere else. Why: a server may read as a field what was sent as a file,
 * and nobody reads files here.
 */
export async function readForm(body: Spool, contentType: string | undefined, fileFields: ReadonlySet<string>): Promise<FormBody> {
  const parts = await parseMultipart(body, contentType);
  const json: JsonObject = {};
  const described = new Map<Part, JsonObject>();
  const boundary = newBoundary();
  for (const part of parts) {
    const { name, filename, type, content } = part;
    const isFileField = fileFields.has(name);
    if (isFileField !== (filename !== undefined)) throw malformedForm('a file is where a field should be, or the other way round');
    let value: unknown = Buffer.isBuffer(content) ? content.toString('utf8') : '';
    if (isFileField) {
      value = { filename: filename ?? '', media_type: type ?? 'application/octet-stream' };
      described.set(part, value as JsonObject);
    }
    if (Object.hasOwn(json, name)) (json[name] as unknown[]).push(value);
    else
      Object.defineProperty(json, name, {
        value: name.endsWith('[]') ? [value] : value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
  return {
    json,
    contentType: `multipart/form-data; boundary=${boundary}`,
    files: parts.filter(({ filename }) => filename !== undefined),
    write(now) {
      const next = new Map<string, number>();
      const written = parts.map((part): Part => {
        const at = next.get(part.name) ?? 0;
        next.set(part.name, at + 1);
        const about = described.get(part);
        if (about !== undefined) return { ...part, filename: String(about.filename) };
        const held = now[part.name];
        const value = Array.isArray(held) ? (held as unknown[])[at] : held;
        if (typeof value !== 'string') throw new CordonError('gateway.refused', 'The name of a field was refused by policy.');
        return { ...part, content: Buffer.from(value) };
      });
      const { model } = now;
      if (typeof model === 'string' && !next.has('model')) {
        written.unshift({ name: 'model', filename: undefined, type: undefined, content: Buffer.from(model) });
      }
      return writeMultipart(written, boundary);
    },
  };
}
