import { type CharSet, charSet, complement, DIGITS, singleton, SPACES, union, WORD } from './char-set.ts';
import { refuse } from './refuse.ts';

const SHORTHANDS: Readonly<Record<string, CharSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACES,
  S: complement(SPACES),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, 0: 0 };

/** Parses the escape at `at`: the set it stands for and where it ends. */
export function parseEscape(source: string, at: number, inClass: boolean): [CharSet, number] {
  const sign = source[at + 1];
  if (sign === undefined) throw refuse(source, at, 'an escape is cut off');
  if (SHORTHANDS[sign] !== undefined) return [SHORTHANDS[sign], at + 2];
  const control = CONTROLS[sign] ?? (inClass && sign === 'b' ? 8 : undefined);
  if (control !== undefined && !/\d/.test(source[at + 2] ?? '')) return [singleton(control), at + 2];
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(source.slice(at + 1, at + 6));
  if (hex !== null) return [singleton(Number.parseInt(hex[1] ?? hex[2]!, 16)), at + 1 + hex[0].length];
  if (/[1-9k]/.test(sign)) throw refuse(source, at, `the back-reference \\${sign} cannot be matched in linear time`);
  if (/[A-Za-z0-9]/.test(sign)) throw refuse(source, at, `the escape \\${sign} is not supported`);
  return [singleton(sign.charCodeAt(0)), at + 2];
}

/** Parses the character class at `at` (which points to `[`): its ranges, whether it is negated, and where it ends. */
export function parseClass(source: string, at: number): [{ readonly set: CharSet; readonly negated: boolean }, number] {
  const start = at++;
  const negated = source[at] === '^';
  if (negated) at++;
  let set: CharSet = [];
  const member = (): CharSet => {
    if (source[at] === '\\') {
      const [found, end] = parseEscape(source, at, true);
      at = end;
      return found;
    }
    return singleton(source.charCodeAt(at++));
  };
  while (source[at] !== ']') {
    if (at >= source.length) throw refuse(source, start, 'a character class is not closed');
    const from = member();
    if (source[at] === '-' && source[at + 1] !== ']' && source[at + 1] !== undefined && from.length === 2 && from[0] === from[1]) {
      at++;
      const to = member();
      if (to.length !== 2 || to[0] !== to[1] || to[0]! < from[0]!) throw refuse(source, at, 'a character range is not in order');
      set = union(set, charSet([[from[0]!, to[0]!]]));
    } else set = union(set, from);
  }
  if (set.length === 0) throw refuse(source, start, 'a character class is empty');
  return [{ set, negated }, at + 1];
}
