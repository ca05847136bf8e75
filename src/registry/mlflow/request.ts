import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryRequest } from '../http/env.ts';

/** Why: MLflow itself takes at most 1 MB of a batch; descriptions of models may be longer. */
const BODY_BYTES = 8 * 1024 * 1024;

/** A 64-bit number as protobuf writes it in JSON: a number, or its digits. Why bounded: beyond 2^53 it would be another number. */
export const Int64 = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d{1,16}$/)
      .transform(Number),
  ])
  .refine(Number.isSafeInteger, 'is no integer that can be kept exactly');
/** A double as protobuf writes it in JSON. */
export const Double = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number),
  z
    .string()
    .regex(/^-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,4})?$/)
    .transform(Number),
]);
/** True or false; in a query it is text. */
export const Flag = z.union([z.boolean(), z.enum(['true', 'false', 'True', 'False']).transform((text) => text.toLowerCase() === 'true')]);
export const Id = z.string().min(1).max(256);
/** Name of a metric, parameter or tag. */
export const Key = z.string().min(1).max(250);
export const Text = z.string().max(100_000);
export const PageToken = z.string().max(1_000);
/** A list; in a query one value alone is a list too. */
export function listOf<Item extends z.ZodType>(item: Item, atMost: number): z.ZodType<z.infer<Item>[]> {
  return z.preprocess(
    (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]),
    z.array(item).max(atMost),
  );
}
/** A tag or parameter. */
export const KeyValue = z.object({ key: Key, value: Text.default('') });

/**
 * The fields of a request: a JSON body, or the query of a GET. Nulls count as left out, as in protobuf, and unknown fields are
 * ignored. Throws `request.invalid`.
 */
export async function fieldsOf<Schema extends z.ZodType>(c: RegistryRequest, schema: Schema): Promise<z.infer<Schema>> {
  const raw = c.req.method === 'GET' ? queryOf(c) : { ...queryOf(c), ...objectOf(await jsonBody(c, BODY_BYTES)) };
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new CordonError('request.invalid', `Missing or invalid value for the parameter '${field}': ${issue?.message ?? 'not valid'}`);
}

function objectOf(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CordonError('request.invalid', 'the body is no JSON object');
  return value;
}

function queryOf(c: RegistryRequest): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [key, values] of Object.entries(c.req.queries())) query[key] = values.length === 1 ? (values[0] as string) : values;
  return query;
}
