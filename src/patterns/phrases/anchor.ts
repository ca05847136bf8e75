/** Words of which one must follow the beginning of a phrase, for the phrase to be there at all. */
export interface Anchor {
  /** Beginnings of those words. */
  readonly literals: readonly string[];
  /** Code units between the beginning of the phrase and that of the word, at most. */
  readonly reach: number;
}

/** Beginnings of words too common to tell anything. */
const COMMON: ReadonlySet<string> = new Set(
  "the to of in on at as is it be by an or if so do no not and any are all you your yours this that these those with what when where which who will from have has was were for its it's every their they there then than can could would should may use now one more most about into over out up but our his her my me we us he she how new de la le que en el los un una se di il per est et des les der die das und ein zu den von mit auf og av til na w z do i je te da em um os ao com het van een".split(
    ' ',
  ),
);

/**
 * Whether a literal is rare enough to look for. Why look for anchors: most phrases begin with a word that is in every text and are not there;
 * asking for the rarer words behind it costs a look at a table, trying the expression a hundred times that.
 */
export function isTelling(literal: string): boolean {
  return literal.length > 1 && !COMMON.has(literal);
}
