/** A set of UTF-16 code units as sorted, disjoint, inclusive ranges: `[low, high, low, high, …]`. */
export type CharSet = readonly number[];

const LAST = 0xffff;

/** Sorts and joins ranges, so that equal sets are equal arrays. */
export function charSet(ranges: readonly (readonly [number, number])[]): CharSet {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [low, high] of sorted) {
    if (out.length > 0 && low <= out.at(-1)! + 1) out[out.length - 1] = Math.max(out.at(-1)!, high);
    else out.push(low, high);
  }
  return out;
}

/** The set of one code unit. */
export function singleton(code: number): CharSet {
  return [code, code];
}

/** Everything that is in any of the sets. */
export function union(...sets: readonly CharSet[]): CharSet {
  return charSet(sets.flatMap((set) => pairs(set)));
}

/** Everything that is not in the set. */
export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let next = 0;
  for (const [low, high] of pairs(set)) {
    if (low > next) out.push(next, low - 1);
    next = high + 1;
  }
  if (next <= LAST) out.push(next, LAST);
  return out;
}

/** Whether the code unit is in the set. */
export function contains(set: CharSet, code: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (code >= set[at]! && code <= set[at + 1]!) return true;
  return false;
}

/** The set with both cases of every ASCII letter in it, and both cases of small non-ASCII ranges. */
export function bothCases(set: CharSet): CharSet {
  const extra: [number, number][] = [];
  for (const [low, high] of pairs(set)) {
    // Why: a range as wide as a complement holds both cases already, walking it would cost 65,536 steps.
    if (high - low > 512) continue;
    for (let code = low; code <= high; code++) {
      const letter = String.fromCharCode(code);
      for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
        if (other.length === 1 && other !== letter && other.charCodeAt(0) < 128 === code < 128) {
          extra.push([other.charCodeAt(0), other.charCodeAt(0)]);
        }
      }
    }
  }
  return extra.length === 0 ? set : union(set, charSet(extra));
}

/** The ranges of a set, one pair each. */
export function pairs(set: CharSet): [number, number][] {
  const out: [number, number][] = [];
  for (let at = 0; at < set.length; at += 2) out.push([set[at]!, set[at + 1]!]);
  return out;
}

export const DIGITS: CharSet = [48, 57];
export const WORD: CharSet = charSet([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
export const SPACES: CharSet = charSet([
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
export const NOT_NEWLINE: CharSet = complement(
  charSet([
    [10, 10],
    [13, 13],
    [0x2028, 0x2029],
  ]),
);
