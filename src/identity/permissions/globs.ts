/** Names with `*` for any characters, also none and also slashes. */
export type Glob = string;

/** One such name, or part of one. Why without spaces and controls: it ends up in logs and command lines. */
export const GLOB = /^[^\s\p{Cc}]{1,200}$/u;

/** Globs compiled to a question: does one of them match? Linear in the name for each glob, whatever it is. */
export function globSet(globs: readonly Glob[]): (name: string) => boolean {
  const exact = new Set(globs.filter((glob) => !glob.includes('*')));
  const open = globs.filter((glob) => glob.includes('*')).map((glob) => glob.split('*'));
  return (name) => exact.has(name) || open.some((pieces) => fits(name, pieces));
}

/** Does every name that the second matches match the first? A star is only covered by a star. */
export function covers(outer: Glob, inner: Glob): boolean {
  return outer.includes('*') ? fits(inner, outer.split('*')) : outer === inner;
}

/**
 * Globs for what both match. Where two overlap and neither covers the other, as `a*` and `*b`, what they have in common is left
 * out: it could not be written as a glob, and less is safe.
 */
export function intersectGlobs(first: readonly Glob[], second: readonly Glob[]): Glob[] {
  const kept = first.filter((one) => second.some((other) => covers(other, one)));
  for (const other of second) if (!kept.includes(other) && first.some((one) => covers(one, other))) kept.push(other);
  return kept;
}

/** The first piece begins the name, the last ends it, and the others follow in their order, each as early as it can. */
function fits(name: string, pieces: readonly string[]): boolean {
  const head = pieces[0]!;
  const tail = pieces.at(-1)!;
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  const end = name.length - tail.length;
  let at = head.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index]!;
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
