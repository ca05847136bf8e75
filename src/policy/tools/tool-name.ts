import { matchesGlob } from '../glob.ts';

/** Whether a tool has one of these names; a pattern matches its bare name, one with the server in it its whole key. */
export function isNamed(patterns: string | readonly string[], tool: string, key: string): boolean {
  const all = typeof patterns === 'string' ? [patterns] : patterns;
  return all.some((pattern) => matchesGlob(tool, pattern) || matchesGlob(key, pattern));
}

/** Whether a tool is trusted, by its whole key. Why not by its bare name: any server can name a tool like a trusted one. */
export function isTrustedKey(patterns: readonly string[], key: string): boolean {
  return patterns.some((pattern) => matchesGlob(key, pattern));
}
