/** Why no dots and no second slash: proxies and servers resolve them, each in its own way, encoded or not. */
const PATH = /^(?!.*(?:\/|%2f|%5c)(?:\.|%2e){1,2}(?:\/|%2f|%5c|\?|$))\/(?![/%])[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$/i;

/** Paths that were found good. Why: nearly all requests are for a handful of them. */
const known = new Set<string>();
const MOST_KNOWN = 100;

/** Whether a path says the same to everybody who reads it. */
export function isPlainPath(path: string): boolean {
  if (known.has(path)) return true;
  const isPlain = PATH.test(path);
  if (isPlain && known.size < MOST_KNOWN) known.add(path);
  return isPlain;
}
