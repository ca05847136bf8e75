import type * as z from 'zod';
import { CordonError } from '../../core/errors.ts';

/** Reads a body by its schema. Throws `request.invalid`. */
export function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CordonError('request.invalid', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not valid'}`);
}
