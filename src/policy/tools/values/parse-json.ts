/** What became of reading JSON strictly. */
export type Parsed = { readonly value: unknown } | { readonly problem: string };

/**
 * Reads JSON and refuses objects with the same key twice. Why: parsers disagree about which of the two counts, so the policy could
 * judge one value and the tool use the other (CWE-436).
 */
export function parseJsonStrictly(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'is not valid JSON' };
  }
  return hasDuplicateKey(text) ? { problem: 'has the same key twice in one object' } : { value };
}

/** Walks text that is known to be valid JSON. */
function hasDuplicateKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? new Set() : undefined);
      isKey = sign === '{';
    } else if (sign === '}' || sign === ']') {
      open.pop();
      isKey = false;
    } else if (sign === ',') {
      isKey = open.at(-1) !== undefined;
    } else if (sign === '"') {
      const end = stringEnd(text, at);
      const keys = open.at(-1);
      if (isKey && keys !== undefined) {
        const key = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(key)) return true;
        keys.add(key);
        isKey = false;
      }
      at = end - 1;
    }
  }
  return false;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
