import { dictionary } from './dictionary.ts';
import { textCost } from './letter-cost.ts';
import type { Edit } from './edit.ts';

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
const MAX_READINGS = 64;

interface Reading {
  readonly start: number;
  readonly end: number;
  readonly word: string;
  /** 2: a word of the dictionary with letters of its own; 1: of signs only, or not in the dictionary. */
  readonly strength: number;
}

/** Words with digits and signs in place of letters. Weak readings count only where strong ones are about. */
export function leetEdits(text: string): Edit[] {
  const readings: Reading[] = [];
  let tokens = 0;
  for (const match of text.matchAll(TOKEN)) {
    tokens++;
    const reading = readToken(match[0], match.index);
    if (reading) readings.push(reading);
  }
  const strong = readings.filter((reading) => reading.strength === 2);
  const { injection } = dictionary();
  const distinct = new Set(strong.map((reading) => reading.word));
  if (distinct.size < 2 && !strong.some(({ word }) => word.length >= 6 && injection.has(word))) return [];
  const dense = readings.length * 4 >= tokens;
  return (dense ? readings : strong).map(({ start, end, word }) => ({ start, end, text: word, by: 'leet' }));
}

function readToken(token: string, index: number): Reading | undefined {
  if (!/[0-9@$!|+(<{[\u20ac\u00a3\u00a5\\]/.test(token)) return undefined;
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
  if (body.length < 2 || body.length > 40 || !/[0-9@$!|+(<{[\u20ac\u00a3\u00a5\\]/.test(body)) return undefined;
  const plain = /[|/\\()[\]{}<>]/.test(body) ? undraw(body) : body;
  let readings = [''];
  for (const char of plain.toLowerCase()) {
    const letters = /[a-z'-]/.test(char) ? char : READINGS[char];
    if (letters === undefined) return undefined;
    const options = readings.length * letters.length > MAX_READINGS ? letters.slice(0, 1) : letters;
    readings = readings.flatMap((reading) => [...options].map((letter) => reading + letter));
  }
  return bestReading(readings, /[a-z]/i.test(plain));
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
