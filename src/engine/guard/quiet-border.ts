import type { OffsetMap } from '../../patterns/normalise/offset-map.ts';
import { normalise } from '../../patterns/normalise/normalise.ts';
import { mayHoldTurn } from '../../patterns/phrases/fake-turns.ts';
import { findPhrases, LONGEST_HIT } from '../../patterns/phrases/find-phrases.ts';
import { views } from '../../patterns/views/views.ts';

/**
 * Whether no sign of injection can reach over a border of a text: none stands near it, and nothing in the text is encoded. False says nothing.
 * Why: of turns that were put together only what reaches over the border counts, and nearly always there is nothing.
 */
export function isQuietBorder(text: string, border: number): boolean {
  const normalised = normalise(text);
  if (normalised.signals.hidden.length > 0) return false;
  const at = placeOf(normalised.map, normalised.text.length, border);
  const near = normalised.text.slice(Math.max(0, at - LONGEST_HIT), at + LONGEST_HIT);
  return !mayHoldTurn(near) && findPhrases(near).length === 0 && views(normalised).views.length === 0;
}

/** The first code unit of a derived text that was made from something behind an offset of the original. */
function placeOf(map: OffsetMap, length: number, offset: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map.toOriginal(middle, middle + 1).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
