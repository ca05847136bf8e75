import * as z from 'zod';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { parseJson } from '../../formats/json/parse.ts';

/**
 * Reads hostile JSON into a schema: bounded, no duplicate keys. Why: of two equal keys one reader takes the first and another
 * the last, so that one signature would cover two statements. Throws `signature.malformed`.
 */
export function readStrictJson<Value>(bytes: Uint8Array, schema: z.ZodType<Value>, what: string, maxBytes: number): Value {
  if (bytes.length > maxBytes) throw malformedSignature(`${what} is larger than ${maxBytes} bytes`);
  const value = treeOf(bytes, what);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw malformedSignature(`${what}${at}: ${issue?.message ?? 'is not what it should be'}`);
}

function treeOf(bytes: Uint8Array, what: string): unknown {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const { value, duplicates } = parseJson(bytes, { depth: 32 });
    const [twice] = duplicates;
    if (twice !== undefined) throw new Error(`the key ${JSON.stringify(twice.key.slice(0, 100))} stands twice in one object`);
    return value;
  } catch (error) {
    throw malformedSignature(`${what} is no strict JSON: ${errorMessage(error)}`, error);
  }
}

/** `signature.malformed`. */
export function malformedSignature(message: string, cause?: unknown): CordonError {
  return new CordonError('signature.malformed', message, { cause });
}

/** Bytes in base64: the standard alphabet, padded, in the one canonical spelling. */
export function base64(maxBytes: number): z.ZodType<Buffer> {
  return z
    .string()
    .max(Math.ceil(maxBytes / 3) * 4)
    .transform((text, context) => {
      const bytes = Buffer.from(text, 'base64');
      if (bytes.toString('base64') !== text) context.addIssue({ code: 'custom', message: 'is no canonical base64' });
      return bytes;
    });
}
