import { normalise } from '../normalise/normalise.ts';

/** Letters of Cyrillic and Greek that look like no Latin ones. */
const OWN_SCRIPT = ' жюψξ';

/**
 * A word of a list as it stands in a normalised text. Why not the word alone: letters of which every one looks like a Latin one are taken for
 * Latin ones, "все" for "bce", and among other words of its language it is not.
 */
export function normalisedEntry(text: string): string {
  return normalise(text + OWN_SCRIPT).text.slice(0, -OWN_SCRIPT.length);
}
