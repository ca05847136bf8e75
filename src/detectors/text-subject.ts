import { type Segment, type Span, type Trust, trustOf } from '../core/text.ts';
import { knownPatterns } from '../patterns/known-patterns.ts';
import { findAll } from '../patterns/matching/find.ts';
import type { Hit } from '../patterns/matching/pattern.ts';
import { type Normalised, normalise } from '../patterns/normalise/normalise.ts';
import { findPhrases, type PhraseHit } from '../patterns/phrases/find-phrases.ts';
import { views } from '../patterns/views/views.ts';
import type { Classifier } from './classified.ts';

/** A reading of a text: normalised or decoded, with the way back. */
export interface TextView {
  readonly text: string;
  /** How it was decoded, outermost first; empty for the normalised text itself. */
  readonly decoding: readonly string[];
  toOriginal(start: number, end: number): Span;
  /** The decodings of this stretch alone; empty where it was clear text, which the first view has. */
  decodedBy(start: number, end: number): readonly string[];
}

/** A phrase with its place in the original text. */
export interface FoundPhrase extends Omit<PhraseHit, 'start' | 'end'> {
  readonly span: Span;
  readonly decoding: readonly string[];
  readonly view: TextView;
  readonly start: number;
  readonly end: number;
}

/** What is known of the conversation besides the segment. */
export interface Surroundings {
  /** The real system prompt, for finding its words in output. */
  readonly systemPrompt?: string;
  /** Tokens planted in the system prompt. */
  readonly canaries?: readonly string[];
  /** The trained classifier, where there is one. */
  readonly classifier?: Classifier;
}

/** One segment as detectors see it. What costs time is made on first use and shared by all of them. */
export class TextSubject {
  readonly segment: Segment;
  readonly trust: Trust;
  readonly surroundings: Surroundings;
  #normalised: Normalised | undefined;
  #plain: TextView | undefined;
  #views: readonly TextView[] | undefined;
  #matches: readonly Hit[] | undefined;
  #phrases: readonly FoundPhrase[] | undefined;

  constructor(segment: Segment, surroundings: Surroundings = {}) {
    this.segment = segment;
    this.trust = trustOf(segment.channel);
    this.surroundings = surroundings;
  }

  get text(): string {
    return this.segment.text;
  }

  get normalised(): Normalised {
    return (this.#normalised ??= normalise(this.segment.text));
  }

  /** The normalised text: the first view, for those who need no other. */
  get plain(): TextView {
    return (this.#plain ??= plainView(this.normalised));
  }

  /** The normalised text, then what could be decoded from it. */
  get views(): readonly TextView[] {
    return (this.#views ??= [this.plain, ...decodedViews(this.normalised)]);
  }

  /** What the patterns of personal data and of secrets match in the normalised text: read once for both. */
  get matches(): readonly Hit[] {
    return (this.#matches ??= findAll(knownPatterns(), this.normalised.text));
  }

  /** Phrases that try to steer a model, in any view. */
  get phrases(): readonly FoundPhrase[] {
    return (this.#phrases ??= withoutRepeats(this.views.flatMap((view) => this.#phrasesOf(view))));
  }

  #phrasesOf(view: TextView): FoundPhrase[] {
    return findPhrases(view.text).flatMap((hit) => {
      if (this.isRepeated(view, hit.start, hit.end)) return [];
      const span = view.toOriginal(hit.start, hit.end);
      return [{ ...hit, span, view, decoding: this.decodingOf(view, hit.start, hit.end, span) }];
    });
  }

  /** Whether a stretch of a decoded view is clear text, which the normalised text has too. */
  isRepeated(view: TextView, start: number, end: number): boolean {
    return view.decoding.length > 0 && view.decodedBy(start, end).length === 0;
  }

  /** How a match had to be decoded: the way of its view, or what normalisation undid in it. */
  decodingOf(view: TextView, start: number, end: number, span: Span): readonly string[] {
    if (view.decoding.length > 0) return view.decodedBy(start, end);
    if (this.normalised.text === this.segment.text) return [];
    if (view.text.slice(start, end) === this.segment.text.slice(span.start, span.end)) return [];
    const { hidden, homoglyphWords } = this.normalised.signals;
    const inside = (run: Span): boolean => run.start < span.end && run.end > span.start;
    if (hidden.some(inside)) return ['hidden-characters'];
    return homoglyphWords.some(inside) ? ['homoglyphs'] : ['unicode-forms'];
  }
}

function plainView({ text, map }: Normalised): TextView {
  return { text, decoding: [], toOriginal: (start, end) => map.toOriginal(start, end), decodedBy: () => [] };
}

function decodedViews(normalised: Normalised): readonly TextView[] {
  return views(normalised).views.map((view): TextView => ({
    text: view.text,
    decoding: view.decoding,
    toOriginal: (start, end) => view.map.toOriginal(start, end),
    decodedBy: (start, end) => view.decodedBy(start, end),
  }));
}

/** Drops what a later view finds again in the same place: its own clear text, or the same comment without its tags. */
function withoutRepeats(phrases: readonly FoundPhrase[]): readonly FoundPhrase[] {
  const kept: FoundPhrase[] = [];
  for (const phrase of phrases) {
    const { start, end } = phrase.span;
    const again = kept.some(
      ({ kind, span, score, decoding }) =>
        kind === phrase.kind && span.start < end && span.end > start && (score >= phrase.score || decoding.length === 0),
    );
    if (!again) kept.push(phrase);
  }
  return kept;
}
