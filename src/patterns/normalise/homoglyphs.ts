import { ACTIONS, FOREIGN } from './fold.ts';
import type { Span } from '../../core/text.ts';

/** Letters of other scripts that print like a Latin one, by what they look like. Compatibility forms are already gone here. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аαӑӓά',
  b: 'ьЬ',
  c: 'сςϲ',
  d: 'ԁ',
  e: 'еёѐҽєεέ',
  f: 'ғ',
  g: 'ցԍ',
  h: 'һհԧ',
  i: 'іїιίϊ',
  j: 'јϳյ',
  k: 'кκқҝ',
  l: 'ӏӀⵏ',
  m: 'м',
  n: 'пηոռή',
  o: 'оοσօӧόסዐ',
  p: 'рρ',
  q: 'ԛգզ',
  r: 'гᴦ',
  s: 'ѕ',
  t: 'тτ',
  u: 'υսύ',
  v: 'ѵν',
  w: 'ѡԝωшώ',
  x: 'хχҳ',
  y: 'уγүў',
  z: 'ζ',
  A: 'АΑӐӒΆᎪꓮ',
  B: 'ВΒвβᏴꓐ',
  C: 'СϹᏟꓚ',
  D: 'ᎠꓓꓷԀ',
  E: 'ЕΕЁЀΈᎬꓰ',
  F: 'ҒϜꓝ',
  G: 'ԌᏀꓖ',
  H: 'НΗнΉᎻꓧ',
  I: 'ІΙЇΊꓲ',
  J: 'ЈͿᎫꓙ',
  K: 'КΚҚᏦꓗ',
  L: 'ᏞꓡԼ',
  M: 'МΜᎷꓟ',
  N: 'Νꓠ',
  O: 'ОΟӦΌՕꓳ',
  P: 'РΡᏢꓑ',
  Q: 'Ԛ',
  R: 'ᎡᏒꓣ',
  S: 'ЅᏚՏꓢ',
  T: 'ТΤᎢꓔ',
  U: 'ՍꓴႮ',
  V: 'ѴᏙꓦ',
  W: 'ԜᎳꓪѠ',
  X: 'ХΧҲꓫ',
  Y: 'УΥҮΎꓬ',
  Z: 'ΖᏃꓜ',
};

/** By UTF-16 unit: the Latin letter it looks like, 0 for none. */
const lookAlike = new Uint8Array(0x10000);
for (const [plain, forms] of Object.entries(LOOK_ALIKES)) {
  for (const form of forms) lookAlike[form.charCodeAt(0)] = plain.charCodeAt(0);
}

/** The words that were folded: the first 1,000 of them, and how many. */
export interface HomoglyphFold {
  readonly words: readonly Span[];
  readonly count: number;
}

const MAX_SPANS = 1_000;
const LATIN_WORD = 0;
const OTHER_WORD = 1;
const MIXED_WORD = 2;
/** Made of look-alikes only. */
const ALIKE_WORD = 3;

/**
 * Folds look-alikes, in place, in words that mix Latin with another script. Words made of look-alikes only are folded when the
 * text is Latin otherwise: it has next to no word with a letter that only the other script has. Real Russian or Greek stays.
 */
export function foldHomoglyphs(units: Uint16Array, length: number): HomoglyphFold {
  const counts = [0, 0, 0, 0];
  let longAlike = 0;
  eachWord(units, length, (kind, start, end) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === ALIKE_WORD && end - start > 1) longAlike++;
  });
  const [latin = 0, other = 0, mixed = 0] = counts;
  const alikeToo = other * 10 <= latin && mixed + longAlike > 0;
  const words: Span[] = [];
  let count = 0;
  if (mixed === 0 && !alikeToo) return { words, count };
  eachWord(units, length, (kind, start, end) => {
    if (kind !== MIXED_WORD && !(kind === ALIKE_WORD && alikeToo)) return;
    if (!foldWord(units, start, end)) return;
    count++;
    if (words.length < MAX_SPANS) words.push({ start, end });
  });
  return { words, count };
}

function foldWord(units: Uint16Array, start: number, end: number): boolean {
  let changed = false;
  for (let at = start; at < end; at++) {
    const plain = lookAlike[units[at] ?? 0] ?? 0;
    if (plain === 0) continue;
    units[at] = plain;
    changed = true;
  }
  return changed;
}

function eachWord(units: Uint16Array, length: number, visit: (kind: number, start: number, end: number) => void): void {
  let start = 0;
  let latin = 0;
  let alike = 0;
  let other = 0;
  for (let at = 0; at <= length; at++) {
    const unit = at < length ? (units[at] ?? 0) : 0x20;
    if (unit < 0x80) {
      if ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a) {
        latin++;
        continue;
      }
      if (unit >= 0x30 && unit <= 0x39) continue;
    } else if (lookAlike[unit] !== 0) {
      alike++;
      continue;
    } else if (ACTIONS[unit] === FOREIGN) {
      other++;
      continue;
    }
    if (latin + alike + other > 0) {
      visit(wordKind(latin, alike, other), start, at);
      latin = alike = other = 0;
    }
    start = at + 1;
  }
}

function wordKind(latin: number, alike: number, other: number): number {
  if (latin > 0) return alike > 0 ? MIXED_WORD : LATIN_WORD;
  return other > 0 ? OTHER_WORD : ALIKE_WORD;
}
