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
