/** Number of object keys in JSON text that is known to be valid. */
export function keysInText(text: string): number {
  let keys = 0;
  let at = text.indexOf('"');
  while (at >= 0) {
    let end = text.indexOf('"', at + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let next = end + 1;
    while (isSpace(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) === COLON) keys++;
    at = text.indexOf('"', end + 1);
  }
  return keys;
}

const COLON = 0x3a;
const BACKSLASH = 0x5c;

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Number of object keys in a parsed value, and how deep it nests; stops counting below `maxDepth`. */
export function keysInValue(value: unknown, maxDepth: number): { readonly keys: number; readonly tooDeep: boolean } {
  let keys = 0;
  let tooDeep = false;
  const walk = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null) return;
    if (depth > maxDepth) tooDeep = true;
    else if (Array.isArray(node)) for (const child of node) walk(child, depth + 1);
    else {
      for (const key in node) {
        keys++;
        walk((node as Record<string, unknown>)[key], depth + 1);
      }
    }
  };
  walk(value, 0);
  return { keys, tooDeep };
}
