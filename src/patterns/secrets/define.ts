import type { PatternDefinition } from '../matching/pattern.ts';
import { looksRandom } from './entropy.ts';
import { isPlaceholder } from './placeholder.ts';

/** Not in the middle of a longer name or key. */
const BEFORE = '(?<![A-Za-z0-9])';
const AFTER = '(?![A-Za-z0-9])';

/**
 * A key that begins with its provider's prefix. `body` is what follows; at least its last part must look random, so that a name with
 * the same prefix is not taken for a key.
 */
export function prefixed(
  name: string,
  title: string,
  prefix: string,
  body: string,
  options: { readonly loose?: boolean } = {},
): PatternDefinition {
  return {
    id: `secrets.${name}`,
    title,
    entity: entityOf(name),
    source: `${BEFORE}${escape(prefix)}${body}${AFTER}`,
    triggers: [prefix],
    anchor: 'start',
    validate: (match) => {
      const rest = match.slice(prefix.length);
      // Why a digit: of 32 random letters and digits one in 280 has none, of long names nearly all.
      return (options.loose === true || ((rest.length < 32 || /\d/.test(rest)) && looksRandom(rest))) && !isPlaceholder(rest);
    },
    specificity: 90,
    score: 1,
  };
}

/** A key without a form of its own: it counts close behind the name of its provider in an assignment. */
export function assigned(name: string, title: string, words: readonly string[], source: string, least = 3): PatternDefinition {
  return {
    id: `secrets.${name}`,
    title,
    entity: entityOf(name),
    source: `${BEFORE}(?:${source})${AFTER}`,
    triggers: words.map((word) => word.split(' ')[0]!),
    triggerForm: { beginsWord: true },
    anchor: 'context',
    context: { words: [assignment(words)], within: 64, adjacent: 'touching', raw: true },
    validate: (match) => /\d/.test(match) && !isPlaceholder(match) && looksRandom(match, least),
    specificity: 85,
    score: 0.95,
  };
}

/** `COHERE_API_KEY = "…"`, `cohere-key: …`, `"cohere": {"token": "…`: the provider, and key, token or secret before the value. */
function assignment(words: readonly string[]): string {
  const names = words.map((word) => word.replaceAll(' ', '[\\s_.-]?')).join('|');
  return `(?:${names})[A-Za-z0-9_.\\s"'\\[\\](){:,-]{0,24}(?:key|token|secret|pat|credential|password|auth|bearer)[A-Za-z0-9_]{0,12}["'\\]\\\\)]{0,3}`;
}

/** The name of pseudonyms: `GITHUB_TOKEN`. */
export function entityOf(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}

function escape(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
