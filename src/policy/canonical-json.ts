import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys, no spaces and no undefined values (RFC 8785 for everything JSON can carry): equal values give equal
 * bytes, so that digests of them can be compared.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const record = value as Record<string, unknown>;
  const members: string[] = [];
  // Why the plain comparison of toSorted(): RFC 8785 sorts keys by UTF-16 units, which is what JavaScript compares.
  for (const key of Object.keys(record).toSorted()) {
    if (record[key] !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  }
  return `{${members.join(',')}}`;
}

/** sha256 of the canonical JSON of a value, in hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
