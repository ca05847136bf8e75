import type { Span } from '../../core/text.ts';
import { endOfBlock } from './blocks.ts';
import { BlockFeatures } from './features.ts';
import type { Head, Model } from './model.ts';
import { noSum, type Sum, SumTable } from './sum-table.ts';

/** What the worst window of a text says. */
export interface Score {
  /** Probability of an attack, 0 to 1, calibrated on sources left out of training. */
  readonly probability: number;
  /** The window it comes from, in the offsets of the scored text. */
  readonly span: Span;
}

/**
 * The hashed linear model over windows of a text: all of it, however long, in linear time. Each distinct n-gram of a window counts once;
 * the score is the highest of all windows. Holds scratch tables, so one scorer serves one thread.
 */
export class Scorer {
  readonly #heads: Readonly<Record<keyof Model['heads'], HeadScorer>>;

  constructor({ heads }: Model) {
    const features = new BlockFeatures();
    this.#heads = { user: new HeadScorer(heads.user, features), document: new HeadScorer(heads.document, features) };
  }

  /**
   * Scores a text that was normalised before (or a decoded view). `channel` chooses the head. Given `counts`, only windows of which it says
   * so are read: of a decoded view those that hold something decoded, the others were scored as clear text.
   */
  score(text: string, channel: keyof Model['heads'], counts?: (start: number, end: number) => boolean): Score {
    return this.#heads[channel].score(text, counts);
  }
}

class HeadScorer {
  readonly #head: Head;
  readonly #features: BlockFeatures;
  readonly #chars: SumTable;
  readonly #words: SumTable;

  constructor(head: Head, features: BlockFeatures) {
    this.#head = head;
    this.#features = features;
    this.#chars = new SumTable(head.chars);
    this.#words = new SumTable(head.words);
  }

  score(text: string, counts?: (start: number, end: number) => boolean): Score {
    const head = this.#head;
    let best = Number.NEGATIVE_INFINITY;
    let span: Span = { start: 0, end: text.length };
    let [chars, words, charsBefore, wordsBefore] = [noSum(), noSum(), noSum(), noSum()];
    this.#chars.begin();
    this.#words.begin();
    let isRead = false;
    for (let before = 0, start = 0; start < text.length;) {
      const end = endOfBlock(text, start);
      if (this.#chars.full) this.#renumber(text, before, start, chars, words);
      // A text of one block is a window of its own; the sums before it are empty.
      const isWindow = start > 0 || end === text.length;
      const isCounted = counts === undefined || (isWindow && counts(before, end));
      if (isCounted) {
        if (!isRead && start > 0) this.#read(text, before, start, charsBefore, wordsBefore);
        this.#read(text, start, end, chars, words);
        if (isWindow) {
          const value = head.bias + head.charStep * mean(charsBefore, chars) + head.wordStep * mean(wordsBefore, words);
          if (value > best) {
            best = value;
            span = { start: before, end };
          }
        }
        [charsBefore, chars, wordsBefore, words] = [chars, charsBefore, words, wordsBefore];
      }
      isRead = isCounted;
      before = start;
      start = end;
    }
    if (best === Number.NEGATIVE_INFINITY) return { probability: 0, span };
    return { probability: 1 / (1 + Math.exp(-(head.slope * best + head.offset))), span };
  }

  #read(text: string, from: number, to: number, chars: Sum, words: Sum): void {
    const features = this.#features;
    features.read(text, from, to);
    this.#chars.add(features.chars, features.charCount, chars);
    this.#words.add(features.words, features.wordCount, words);
  }

  /** Starts to number blocks anew with the one before, `[from, to)`. */
  #renumber(text: string, from: number, to: number, chars: Sum, words: Sum): void {
    this.#chars.forget();
    this.#words.forget();
    this.#read(text, from, to, chars, words);
  }
}

/** The sum over the distinct n-grams of two blocks, divided by the length of their vector. */
function mean(before: Sum, last: Sum): number {
  return (before.total + last.newTotal) / Math.sqrt(Math.max(1, before.count + last.newCount));
}
