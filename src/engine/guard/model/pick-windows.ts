import type { Span } from '../../../core/text.ts';
import type { TextSubject, TextView } from '../../../detectors/text-subject.ts';
import type { Tokenizer } from '../../../patterns/tokenizer/tokenizer.ts';
import type { ModelManifest } from './manifest.ts';
import { tokenWindows } from './windows.ts';

/** A window of a view that the model reads. */
export interface PickedWindow {
  readonly ids: readonly number[];
  readonly view: TextView;
  readonly span: Span;
}

/** How suspicious a stretch of text is, at a fraction of the cost of the model. */
export type Suspicion = (text: string) => number;

/** Longer views are cut into excerpts first, so that only the worst are encoded. */
const LONG = 32_000;
const EXCERPT = 2_000;
const SHARED = 400;

/**
 * The windows of all views of a text, at most as many as the manifest says: those that the classifier finds worst.
 * Why the classifier chooses: it has read every window of the text anyway, so padding does not hide one.
 */
export function pickWindows(
  subject: TextSubject,
  tokenizer: Tokenizer,
  manifest: ModelManifest,
  suspicion: Suspicion,
): readonly PickedWindow[] {
  const { window, overlap, maxWindows } = manifest;
  const all: PickedWindow[] = [];
  for (const view of subject.views) {
    for (const { start, end } of worst(excerpts(view.text), maxWindows, (span) => suspicion(view.text.slice(span.start, span.end)))) {
      for (const { ids, span } of tokenWindows(view.text.slice(start, end), tokenizer, window, overlap)) {
        const place = { start: start + span.start, end: start + span.end };
        if (!subject.isRepeated(view, place.start, place.end)) all.push({ ids, view, span: place });
      }
    }
  }
  return worst(all, maxWindows, ({ view, span }) => suspicion(view.text.slice(span.start, span.end)));
}

function excerpts(text: string): readonly Span[] {
  if (text.length <= LONG) return [{ start: 0, end: text.length }];
  const out: Span[] = [];
  for (let start = 0; start + SHARED < text.length; start += EXCERPT - SHARED)
    out.push({ start, end: Math.min(text.length, start + EXCERPT) });
  return out;
}

function worst<T>(items: readonly T[], most: number, score: (item: T) => number): readonly T[] {
  if (items.length <= most) return items;
  return items
    .map((item, at) => ({ item, at, score: score(item) }))
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, most)
    .map(({ item }) => item);
}
