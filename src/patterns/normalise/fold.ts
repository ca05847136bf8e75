import { hiddenKind } from './hidden.ts';
import { PLAIN_FORM } from './latin-look.ts';

/** What is done with a code point. */
export const KEEP = 0;
/** A letter of another script than Latin: kept, but the text needs a look at its mixed words. */
export const FOREIGN = 1;
export const REPLACE = 2;
export const HIDDEN = 3;
/** Replaced by one unit, see {@link SINGLES}: what most accented letters and full-width signs are. */
export const SINGLE = 6;
/** Joins the character before it: combining marks, vowels and final consonants of Hangul, voicing marks of kana. */
export const MARK = 4;
export const SURROGATE = 5;
const UNKNOWN = 255;

/** Actions of the first two planes, filled page by page when first met. Why: 131,072 normalisations at start cost 40 ms. */
const actions = new Uint8Array(0x20000).fill(UNKNOWN);
/** By UTF-16 unit: what a unit with the action `SINGLE` becomes. */
export const SINGLES: Uint16Array = new Uint16Array(0x10000);
const replacements = new Map<number, string>();

/** The action for any code point. */
export function actionOf(code: number): number {
  if (code >= 0x20000) return actionBeyond(code);
  const known = actions[code] ?? KEEP;
  if (known !== UNKNOWN) return known;
  fillPage(code & ~0xff);
  return actions[code] ?? KEEP;
}

/** The table itself, for the inner loop: 255 means "ask {@link actionOf}". Indexed by UTF-16 unit. */
export const ACTIONS: Readonly<Uint8Array> = actions;

/** What a code point with the action `REPLACE` becomes. */
export function replacementOf(code: number): string {
  return replacements.get(code) ?? foldCluster(String.fromCodePoint(code));
}

/** Whether a mark has a form of its own to be folded to, so that being composed already is not enough. */
export function isCompatibilityMark(code: number): boolean {
  return (code >= 0x3131 && code <= 0x318e) || (code >= 0xff00 && code <= 0xffff);
}

/** Full folding of one user-perceived character: compatibility forms, marks after Latin letters, look-alike Latin letters. */
export function foldCluster(cluster: string): string {
  const compatible = cluster.normalize('NFKC');
  const stripped = compatible.normalize('NFKD').replace(LATIN_WITH_MARKS, '$1').normalize('NFC');
  return stripped.replace(/[^\x00-\x7f]/gu, (char) => PLAIN_FORM.get(char) ?? char);
}

/** Whether a mark after this code point (already folded) is dropped rather than composed. */
export function dropsMarks(code: number): boolean {
  if (code < 0x80) return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return code < 0x250 || (code >= 0x1e00 && code < 0x1f00) || LATIN.test(String.fromCodePoint(code));
}

const LATIN = /\p{Script=Latin}/u;
const LATIN_WITH_MARKS = /(\p{Script=Latin})\p{M}+/gu;
const LETTER = /\p{L}/u;
const STARTS_WITH_MARK = /^[\p{M}\u1160-\u11ff]/u;

function fillPage(start: number): void {
  for (let code = start; code < start + 256; code++) actions[code] = decide(code);
}

function actionBeyond(code: number): number {
  if (hiddenKind(code)) return HIDDEN;
  return code >= 0x2f800 && code <= 0x2fa1f ? REPLACE : KEEP;
}

function decide(code: number): number {
  if (hiddenKind(code)) return HIDDEN;
  if (code < 0x80) return KEEP;
  if (code >= 0xd800 && code <= 0xdfff) return SURROGATE;
  // Han, Hangul syllables, private use, most pictographs: unchanged by every step.
  if ((code >= 0x3400 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xe000 && code <= 0xf8ff)) return KEEP;
  const char = String.fromCodePoint(code);
  if (STARTS_WITH_MARK.test(char.normalize('NFKC'))) return MARK;
  const folded = enclosedLetter(code) ?? foldCluster(char);
  if (folded.length === 1 && code < 0x10000 && folded !== char) {
    SINGLES[code] = folded.charCodeAt(0);
    return SINGLE;
  }
  if (folded !== char) {
    replacements.set(code, folded);
    return REPLACE;
  }
  return LETTER.test(char) && !LATIN.test(char) ? FOREIGN : KEEP;
}

/** Parenthesised, squared, negative and regional letters, which have no compatibility form or one with brackets. */
function enclosedLetter(code: number): string | undefined {
  if (code >= 0x249c && code <= 0x24b5) return letter('a', code - 0x249c);
  for (const first of [0x1f110, 0x1f130, 0x1f150, 0x1f170, 0x1f1e6]) {
    if (code >= first && code < first + 26) return letter('A', code - first);
  }
  return undefined;
}

function letter(first: string, distance: number): string {
  return String.fromCharCode(first.charCodeAt(0) + distance);
}
