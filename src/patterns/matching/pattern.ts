/** Words that must stand before a match for it to count. */
export interface ContextRule {
  /** Matched without regard to case, as whole words; a space matches any run of white space, `-` and `_`. */
  readonly words: readonly string[];
  /** How many code units before the match the word may begin. */
  readonly within?: number;
  /** What may stand between the word and the match: anything, filler such as `number is:`, or a few separators. */
  readonly adjacent?: 'no' | 'near' | 'touching';
  /** The words are regular expressions that end where the gap begins. */
  readonly raw?: boolean;
}

/**
 * What a pattern looks for. Everything is decided by the match and the text close before it, so that a stream can decide it without seeing
 * the rest of the text.
 */
export interface PatternDefinition {
  /** `pii.email`, `secrets.github-token`. */
  readonly id: string;
  readonly title: string;
  /** Names pseudonyms: `EMAIL`. */
  readonly entity: string;
  /** Regular expression of the bounded subset that `parseRegex` reads; no unbounded quantifier. */
  readonly source: string;
  readonly ignoreCase?: boolean;
  /**
   * Literals of which one must occur, without regard to case, a digit standing for any digit: in the match, or before it when `anchor` is
   * `context`. The match is looked for only near them.
   */
  readonly triggers: readonly string[];
  /**
   * What is true, besides its letters, of a trigger in every match, so that others are passed over: it is written as it is here, upper and
   * lower case included; it begins where no letter or digit of ASCII stands before it; it ends where none follows.
   */
  readonly triggerForm?: { readonly exact?: true; readonly beginsWord?: true; readonly endsWord?: true };
  /** Where the trigger stands: the match starts with it, has it inside (the default), or the context before the match holds it. */
  readonly anchor?: 'start' | 'inside' | 'context';
  /** Written by a user: matched in linear time without triggers, the longest match counts. */
  readonly linear?: boolean;
  readonly context?: ContextRule;
  /** Says no to what looks right and is not: a checksum, a sample value, a word. */
  readonly validate?: (match: string) => boolean;
  /** Overlapping matches: the higher one wins. */
  readonly specificity: number;
  /** How sure a match is, 0 to 1. */
  readonly score: number;
  /** ISO 3166 code of the country that issues it. */
  readonly country?: string;
}

/** A match before overlaps are resolved. */
export interface Hit {
  /** Index into the pattern set. */
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
}
