/**
 * Whether a name fits a pattern: `*` stands for any characters, slashes too, `?` for one. Linear for every realistic pattern,
 * and no regular expression: names come from clients.
 */
export function fits(name: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < name.length) {
    const want = pattern[wanted];
    if (want === '*') {
      star = wanted++;
      resumeAt = at;
    } else if (want !== undefined && (want === '?' || want === name[at])) {
      at++;
      wanted++;
    } else if (star >= 0) {
      wanted = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (pattern[wanted] === '*') wanted++;
  return wanted === pattern.length;
}

/** Whether a name fits one of the patterns; without patterns every name does. */
export function fitsAny(name: string | null, patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || (name !== null && patterns.some((pattern) => fits(name, pattern)));
}
