import { CordonError } from '../../core/errors.ts';

/** A member of an object as bytes: texts as they are, numbers and the rest as JSON. Throws `secret.missing`, naming no other member. */
export function memberOf(data: unknown, field: string, name: string): Buffer {
  const value =
    typeof data === 'object' && data !== null && Object.hasOwn(data, field) ? (data as Record<string, unknown>)[field] : undefined;
  if (value === undefined || value === null || value === '') throw new CordonError('secret.missing', `${name} has no field ${field}`);
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A member of a secret that is a JSON object, or the secret itself where none is asked for. */
export function selectField(secret: Buffer, field: string | undefined, name: string): Buffer {
  if (field === undefined) return secret;
  let data: unknown;
  try {
    data = JSON.parse(secret.toString('utf8'));
  } catch {
    // Why no cause: a syntax error quotes what it could not read.
    throw new CordonError('secret.missing', `${name} is no JSON, so it has no field ${field}`);
  }
  return memberOf(data, field, name);
}
