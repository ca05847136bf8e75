/** Turns text into the token ids that a model was trained on. Special tokens written out in a text are ordinary text. */
export interface Tokenizer {
  /** Ids of a text without the special tokens around it. */
  encode(text: string): readonly number[];
  /** Special tokens before and after every text. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** Text to text: lower case, Unicode forms, what a model never saw. */
export type Normalizer = (text: string) => string;

/** A piece of text to the pieces that are looked up one by one. `first` is true for what the text begins with. */
export type PreTokenizer = (text: string, first: boolean) => readonly string[];

/** A piece to ids, added to `out`. */
export type TokenModel = (piece: string, out: number[]) => void;
