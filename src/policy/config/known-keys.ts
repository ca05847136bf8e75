import * as z from 'zod';

type Path = readonly PropertyKey[];

/** The keys a schema allows at a path; empty where any key or none is allowed. */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  const inner = unwrap(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodObject) {
    if (step === undefined) return Object.keys(inner.shape);
    const field: z.core.$ZodType | undefined = inner.shape[String(step)];
    return field === undefined ? [] : knownKeys(field, rest);
  }
  if (inner instanceof z.ZodArray) return step === undefined ? [] : knownKeys(inner.element, rest);
  if (inner instanceof z.ZodRecord) return step === undefined ? [] : knownKeys(inner.valueType, rest);
  if (inner instanceof z.ZodUnion) return [...new Set(inner.options.flatMap((option) => knownKeys(option, path)))];
  return [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) inner = inner.unwrap();
  return inner;
}
