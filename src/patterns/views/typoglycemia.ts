import { bagOf, dictionary } from './dictionary.ts';
import type { Edit } from './edit.ts';
import type { Survey } from './survey.ts';

/** Same for words with the same first and last letter and the same letters between them: `ignore` and `ingroe`. */
export function typoglycemiaKey(word: string): string {
  const lower = word.toLowerCase();
  return lower.length < 4 ? lower : lower[0] + lower.slice(1, -1).split('').sort().join('') + lower.at(-1);
}

/** Two words are a typing error, more are a method. */
const MIN_WORDS = 2;

/** Words of the dictionary in place of those that are one with the inner letters in another order. */
export function typoglycemiaEdits(text: string, { shuffled: found, known, words: total }: Survey): Edit[] {
  // In a text of another language such words are words of their own.
  if (found.length < MIN_WORDS || (known + found.length) * 2 < total) return [];
  const { words } = dictionary();
  const edits: Edit[] = [];
  const distinct = new Set<string>();
  const dense = found.length * 5 >= total;
  for (const { start, end, word } of dense ? [...found, ...commonerSiblings(text)] : found) {
    const meant = words[word] ?? '';
    const written = text.slice(start, end);
    if (typoglycemiaKey(meant) !== typoglycemiaKey(written)) continue;
    distinct.add(meant);
    edits.push({ start, end, text: likeCase(meant, written), by: 'typoglycemia' });
  }
  return distinct.size < MIN_WORDS ? [] : edits;
}

/** Where everything is shuffled, `form` is rather `from`: words with a more common one of the same letters. */
function commonerSiblings(text: string): Survey['shuffled'] {
  const { bags, words, rank } = dictionary();
  const found: Survey['shuffled'] = [];
  for (const match of text.matchAll(/[a-z]{4,20}/gi)) {
    const written = match[0].toLowerCase();
    if (!rank.has(written)) continue;
    const word = bags.get(bagOf(written));
    if (word >= 0 && words[word] !== written) found.push({ start: match.index, end: match.index + written.length, word });
  }
  return found;
}

function likeCase(word: string, model: string): string {
  if (model === model.toUpperCase()) return word.toUpperCase();
  const first = model.charAt(0);
  return first === first.toUpperCase() ? first + word.slice(1) : word;
}
