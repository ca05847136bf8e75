import { compilePatterns, type PatternSet } from './matching/compile.ts';
import { PII_PATTERNS } from './pii/index.ts';
import { SECRET_PATTERNS } from './secrets/index.ts';

let known: PatternSet | undefined;

/**
 * The patterns of personal data and of secrets, made ready once for all guards and streams of the process. Why together: a text is read once
 * for both, and what a match is does not depend on which other patterns are looked for.
 */
export function knownPatterns(): PatternSet {
  return (known ??= compilePatterns([...PII_PATTERNS, ...SECRET_PATTERNS]));
}
