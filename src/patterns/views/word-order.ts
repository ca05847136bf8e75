import type { Edit } from './edit.ts';

const LEADS = new Set(['the', 'a', 'an', 'your', 'my', 'its', 'our', 'their', 'every', 'all', 'any', 'this', 'these']);
const LINKS = new Set(['of', 'to', 'in', 'for', 'with', 'from', 'at', 'by', 'on', 'and', 'is', 'are', 'about', 'as']);
const MAX_CHARS = 1_000;

/** Article after preposition speaks for the order, preposition after article against it. Above 0: backwards. */
export function readsBackwards(text: string): number {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  let score = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    if (LEADS.has(word) && (next === '' || LINKS.has(next))) score++;
    else if (LINKS.has(word) && LEADS.has(next)) score--;
  }
  return score;
}

/** A short text whose words stand in reverse order; judged by its capitals, full stops and small words. */
export function wordOrderEdits(text: string): Edit[] {
  if (text.length > MAX_CHARS || !/^[a-z.!?]/.test(text)) return [];
  const words = [...text.matchAll(/\S+/g)];
  const first = words[0]?.[0] ?? '';
  const last = words.at(-1)?.[0] ?? '';
  if (words.length < 4) return [];
  const stopped = /^[a-z'-]+[.!?]$/.test(first) && /^[A-Z][a-z]*$/.test(last);
  const score = readsBackwards(text);
  if (!(stopped && score >= 0) && !(score >= 2 && words.length >= 6 && !/[.!?]\s*$/.test(text))) return [];
  let out = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of words.toReversed()) {
    for (let at = 0; at <= match[0].length; at++) {
      starts.push(match.index + Math.min(at, match[0].length - 1));
      ends.push(match.index + Math.min(at, match[0].length - 1) + 1);
    }
    out += `${match[0]} `;
  }
  return [{ start: 0, end: text.length, text: out, by: 'reversed-order', starts, ends }];
}
