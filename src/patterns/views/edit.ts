import { OffsetMapBuilder } from '../normalise/offset-map.ts';
import type { OffsetMap } from '../normalise/offset-map.ts';

/** A stretch of text that a decoder reads differently. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Name of the decoder. */
  readonly by: string;
  /** For each UTF-16 unit of `text`, where it comes from; absent when only the whole stretch is known. */
  readonly starts?: ArrayLike<number>;
  readonly ends?: ArrayLike<number>;
}

/** Where an edit came to lie in the edited text. */
export interface EditSpan {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

export interface EditedText {
  readonly text: string;
  readonly map: OffsetMap;
  readonly spans: readonly EditSpan[];
}

/** Texts up to this length are kept whole around their edits. */
const WHOLE = 4_096;
/** Of longer ones, this much is kept on either side of an edit. */
const CONTEXT = 160;
/** Edits longer than this map back in blocks, so that maps stay small. */
const EXACT_UNITS = 16_384;
const BLOCK = 64;

/** Drops edits that overlap one before them; of two that start together the longer stays. */
export function withoutOverlaps(edits: readonly Edit[]): Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Edit[] = [];
  let end = -1;
  for (const edit of sorted) {
    if (edit.start < end) continue;
    kept.push(edit);
    end = edit.end;
  }
  return kept;
}

/** Applies edits (sorted, without overlaps). Of long texts only the surroundings of the edits remain, on lines of their own. */
export function applyEdits(source: string, edits: readonly Edit[]): EditedText {
  const map = new OffsetMapBuilder();
  const spans: EditSpan[] = [];
  const whole = source.length <= WHOLE;
  let out = '';
  let at = whole ? 0 : Math.max(0, (edits[0]?.start ?? 0) - CONTEXT);
  function copy(to: number): void {
    out += source.slice(at, to);
    map.copy(at, to);
    at = to;
  }
  for (const edit of edits) {
    if (!whole && edit.start - at > CONTEXT * 2) {
      copy(at + CONTEXT);
      out += '\n';
      map.replace(edit.start - CONTEXT, edit.start - CONTEXT, 1);
      at = edit.start - CONTEXT;
    }
    copy(edit.start);
    spans.push({ start: out.length, end: out.length + edit.text.length, by: edit.by });
    mapEdit(map, edit);
    out += edit.text;
    at = edit.end;
  }
  copy(whole ? source.length : Math.min(source.length, at + CONTEXT));
  return { text: out, map: map.build(), spans };
}

/** Stretches of the source one per line, without what is between them. */
export function collectStretches(source: string, stretches: readonly EditSpan[]): EditedText {
  const map = new OffsetMapBuilder();
  const spans: EditSpan[] = [];
  let out = '';
  for (const stretch of stretches) {
    spans.push({ start: out.length, end: out.length + stretch.end - stretch.start, by: stretch.by });
    out += `${source.slice(stretch.start, stretch.end)}\n`;
    map.copy(stretch.start, stretch.end);
    map.replace(stretch.end, stretch.end, 1);
  }
  return { text: out, map: map.build(), spans };
}

function mapEdit(map: OffsetMapBuilder, edit: Edit): void {
  const { starts, ends } = edit;
  const length = edit.text.length;
  if (!starts || !ends || length === 0) {
    map.replace(edit.start, edit.end, length);
    return;
  }
  const step = length > EXACT_UNITS ? BLOCK : 1;
  for (let at = 0; at < length; at += step) {
    const last = Math.min(length, at + step) - 1;
    const from = starts[at] ?? edit.start;
    const to = ends[last] ?? edit.end;
    map.replace(Math.min(from, starts[last] ?? from), Math.max(to, ends[at] ?? to), last - at + 1);
  }
}
