/**
 * Whether a whole path matches a pattern: `*` any characters but `/`, `?` one of them, `**` as a whole segment any number of
 * folders. Everything else is literal, brackets and braces too.
 * Why not a regular expression: paths are hostile, and two stars are enough for quadratic backtracking; this is linear for
 * every realistic pattern and quadratic at worst.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  return matchSequence(path.split('/'), pattern.split('/'), '**', matchSegment);
}

function matchSegment(segment: string, pattern: string): boolean {
  if (!pattern.includes('*') && !pattern.includes('?')) return segment === pattern;
  return matchSequence(segment, pattern.replaceAll(/\*+/g, '*'), '*', (character, wanted) => wanted === '?' || character === wanted);
}

/** Greedy matching with one kind of wildcard: on a mismatch only the last wildcard has to take one item more. */
function matchSequence(
  items: ArrayLike<string>,
  pattern: ArrayLike<string>,
  wildcard: string,
  matches: (item: string, wanted: string) => boolean,
): boolean {
  let item = 0;
  let wanted = 0;
  let lastWildcard = -1;
  let resumeAt = 0;
  while (item < items.length) {
    if (wanted < pattern.length && pattern[wanted] === wildcard) {
      lastWildcard = wanted++;
      resumeAt = item;
    } else if (wanted < pattern.length && matches(items[item] ?? '', pattern[wanted] ?? '')) {
      item++;
      wanted++;
    } else if (lastWildcard >= 0) {
      wanted = lastWildcard + 1;
      item = ++resumeAt;
    } else {
      return false;
    }
  }
  while (wanted < pattern.length && pattern[wanted] === wildcard) wanted++;
  return wanted === pattern.length;
}
