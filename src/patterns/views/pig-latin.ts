import { dictionary } from './dictionary.ts';
import type { Edit } from './edit.ts';
import type { Survey } from './survey.ts';

const WORD = /[a-z]{3,20}/gi;
const MIN_WORDS = 3;

/** Pig Latin: first consonants moved to the end and `ay` after them. */
export function pigLatinEdits(text: string, survey: Survey): Edit[] {
  if (survey.endsInAy < MIN_WORDS || survey.endsInAy * 5 < survey.words * 2) return [];
  const edits: Edit[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0].toLowerCase();
    if (!word.endsWith('ay') || dictionary().rank.has(word)) continue;
    const meant = untwist(word.slice(0, -2));
    if (meant !== undefined) edits.push({ start: match.index, end: match.index + word.length, text: meant, by: 'pig-latin' });
  }
  return edits.length * 2 >= survey.endsInAy ? edits : [];
}

function untwist(body: string): string | undefined {
  const { rank } = dictionary();
  const options = [body, ...(/[wyh]$/.test(body) ? [body.slice(0, -1)] : [])];
  for (let moved = 1; moved <= 4 && moved < body.length; moved++) {
    const tail = body.slice(-moved);
    if (/[aeio]/.test(tail)) break;
    options.push(tail + body.slice(0, -moved));
  }
  let best: string | undefined;
  for (const option of options) {
    if (rank.has(option) && (rank.get(option) ?? 0) < (rank.get(best ?? '') ?? Infinity)) best = option;
  }
  return best;
}
