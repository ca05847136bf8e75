import { dictionary } from './dictionary.ts';
import type { Edit } from './edit.ts';
import type { Survey } from './survey.ts';

/** Same for words with the same first and last letter and the same letters between them: `ignore` and `ingroe`. */
export function typoglycemiaKey(word: string): string {
  const lower = word.toLowerCase();
  return lower.length < 4 ? lower : lower[0] + [...lower.slice(1, -1)].sort().join('') + lower.at(-1);
}

/** Two words are a typing error, more are a method. */
const MIN_WORDS = 2;

/** Words of the dictionary in place of those that are one with the inner letters in another order. */
export function typoglycemiaEdits(text: string, found: Survey['shuffled']): Edit[] {
  if (found.length < MIN_WORDS) return [];
  const { words } = dictionary();
  const edits: Edit[] = [];
  const distinct = new Set<string>();
  for (const { start, end, word } of found) {
    const meant = words[word] ?? '';
    const written = text.slice(start, end);
    if (typoglycemiaKey(meant) !== typoglycemiaKey(written)) continue;
    distinct.add(meant);
    edits.push({ start, end, text: likeCase(meant, written), by: 'typoglycemia' });
  }
  return distinct.size < MIN_WORDS ? [] : edits;
}

function likeCase(word: string, model: string): string {
  if (model === model.toUpperCase()) return word.toUpperCase();
  const first = model.charAt(0);
  return first === first.toUpperCase() ? first + word.slice(1) : word;
}
