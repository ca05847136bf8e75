import * as z from 'zod';
import { compareText } from '../text/where.ts';

/**
 * The same value with the keys of every object in the order its schema declares them; keys of free-form objects, and keys the
 * schema does not know, sorted after them.
 */
export function inSchemaOrder(value: unknown, schema?: unknown): unknown {
  const inner = unwrapped(schema);
  if (Array.isArray(value)) {
    const element = inner instanceof z.ZodArray ? inner.element : undefined;
    return value.map((item) => inSchemaOrder(item, element));
  }
  if (typeof value !== 'object' || value === null) return value;
  const shape: Readonly<Record<string, unknown>> = inner instanceof z.ZodObject ? inner.shape : {};
  const declared = Object.keys(shape).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value)
    .filter((key) => !Object.hasOwn(shape, key))
    .toSorted(compareText);
  const source = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries([...declared, ...others].map((key) => [key, inSchemaOrder(source[key], shape[key])]));
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema;
}
