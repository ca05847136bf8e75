/** Characters that JSON escapes; everything else stands between quotes as it is. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * JSON with sorted keys, no spaces and no undefined values (RFC 8785 for everything JSON can carry): equal values give equal
 * bytes, so that digests of them can be compared.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of sortedKeys(record)) {
    const item = record[key];
    if (item !== undefined) text += `${text === '' ? '' : ','}${canonicalJson(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** Why the plain comparison: RFC 8785 sorts keys by UTF-16 units, which is what JavaScript compares. */
function sortedKeys(record: object): readonly string[] {
  const keys = Object.keys(record);
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort();
  }
  return keys;
}
