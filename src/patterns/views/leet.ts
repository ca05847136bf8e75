import { dictionary } from './dictionary.ts';
import { textCost } from './letter-cost.ts';
import type { Edit } from './edit.ts';
import type { Span } from '../../core/text.ts';

/** What a sign can stand for, likeliest first. */
const READINGS: Readonly<Record<string, string>> = {
  '0': 'o', '1': 'il', '2': 'z', '3': 'e', '4': 'a', '5': 's', '6': 'gb', '7': 't', '8': 'b', '9': 'gq', '@': 'a', $: 's', '!': 'il',
  '|': 'il', '+': 't', '(': 'c', '<': 'c', '{': 'c', '[': 'c', '\u20ac': 'e', '\u00a3': 'l', '\u00a5': 'y', '&': 'e', '%': 'x',
}; // prettier-ignore
/** Letters drawn with several signs, longest first. */
const DRAWN: readonly (readonly [string, string])[] = [
  ['|\\/|', 'm'], ['/\\/\\', 'm'], ['\\/\\/', 'w'], ['|\\|', 'n'], ['/\\/', 'n'], ['|-|', 'h'], ['|_|', 'u'], ['|<', 'k'], ['|)', 'd'],
  ['|2', 'r'], ['|3', 'b'], ['|>', 'p'], ['()', 'o'], ['[]', 'o'], ['><', 'x'], ['\\/', 'v'], ['/\\', 'a'], ['}{', 'h'], ['(_)', 'u'],
]; // prettier-ignore
const TOKEN = /\S{1,64}/g;
const CORE = /^(["'([{,.;:]*)(.*?)((?:[)\]}"'.,;:?]|!)*)$/s;
/** Words this near to a spot count with it. */
const NEAR = 40;
/** Signs that are a word by themselves. */
const LONELY: Readonly<Record<string, string>> = { '4': 'a', '@': 'a', '1': 'i' };
const SIGN = /[0-9@$!|+(<{[\u20ac\u00a3\u00a5\\]/;
const DRAWING = /[|\\]|\(\)|\[\]|><|\}\{/;
const MAX_READINGS = 16;

interface Reading {
  readonly start: number;
  readonly end: number;
  readonly word: string;
  /** 2: a word of the dictionary with letters of its own; 1: of signs only, or not in the dictionary. */
  readonly strength: number;
}

/** Words with digits and signs in place of letters. Weak readings count only where strong ones are about. */
export function leetEdits(text: string, spots: readonly Span[]): Edit[] {
  const readings: Reading[] = [];
  let tokens = 0;
  for (const spot of spots) {
    const from = tokenBefore(text, spot.start - NEAR);
    for (const match of text.slice(from, spot.end + NEAR).matchAll(TOKEN)) {
      tokens++;
      const start = from + match.index;
      const reading = start < (readings.at(-1)?.end ?? 0) ? undefined : readToken(match[0], start);
      if (reading) readings.push(reading);
    }
  }
  const strong = readings.filter((reading) => reading.strength === 2);
  const { injection } = dictionary();
  const distinct = new Set(strong.map((reading) => reading.word));
  if (distinct.size < 2 && !strong.some(({ word }) => word.length >= 6 && injection.has(word))) return [];
  const dense = readings.length * 4 >= tokens;
  return (dense ? readings : strong).map(({ start, end, word }) => ({ start, end, text: word, by: 'leet' }));
}

/** Start of the token at this offset; looks back a little only. */
function tokenBefore(text: string, offset: number): number {
  let at = Math.max(0, offset);
  const limit = Math.max(0, at - 64);
  while (at > limit && !/\s/.test(text.charAt(at - 1))) at--;
  return at;
}

function readToken(token: string, index: number): Reading | undefined {
  if (!SIGN.test(token)) return undefined;
  const [, before = '', core = '', after = ''] = CORE.exec(token) ?? [];
  // A closing sign may be a letter, too: `a!!` is "all".
  for (const extra of [after, '']) {
    const body = extra === after ? core : core + after;
    const word = readBody(body);
    if (word) {
      const hasLetters = /[a-z]/i.test(body) && word.length > 2;
      const known = dictionary().rank.has(word);
      const start = index + before.length;
      return { start, end: start + body.length, word, strength: known && hasLetters ? 2 : 1 };
    }
    if (after === '') break;
  }
  return undefined;
}

function readBody(body: string): string | undefined {
  if (body.length < 2) return LONELY[body];
  if (body.length > 40) return undefined;
  const plain = DRAWING.test(body) ? undraw(body) : body;
  let readings = [''];
  let letters = 0;
  let signs = 0;
  for (let at = 0; at < plain.length; at++) {
    const unit = plain.charCodeAt(at);
    const lower = unit | 0x20;
    if ((lower >= 0x61 && lower <= 0x7a) || unit === 0x27 || unit === 0x2d) {
      const letter = String.fromCharCode(lower >= 0x61 ? lower : unit);
      for (let index = 0; index < readings.length; index++) readings[index] += letter;
      letters++;
      continue;
    }
    const options = READINGS[plain.charAt(at)];
    if (options === undefined) return undefined;
    signs++;
    const used = readings.length * options.length > MAX_READINGS ? options.slice(0, 1) : options;
    readings = [...used].flatMap((letter) => readings.map((reading) => reading + letter));
  }
  return signs === 0 && plain === body ? undefined : bestReading(readings, letters > 0);
}

function undraw(body: string): string {
  let out = body;
  for (const [drawn, letter] of DRAWN) out = out.replaceAll(drawn, letter);
  return out;
}

function bestReading(readings: readonly string[], hasLetters: boolean): string | undefined {
  const { rank } = dictionary();
  let best: string | undefined;
  let bestRank = Infinity;
  for (const reading of readings) {
    const at = rank.get(reading) ?? rank.get(reading.replace(/'s$/, '')) ?? Infinity;
    if (at < bestRank) {
      best = reading;
      bestRank = at;
    }
  }
  if (best !== undefined || !hasLetters) return best;
  const cheapest = readings.reduce((a, b) => (textCost(b) < textCost(a) ? b : a));
  return cheapest.length >= 4 && textCost(cheapest) < 10 ? cheapest : undefined;
}
