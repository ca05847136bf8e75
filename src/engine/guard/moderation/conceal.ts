import type { Span } from '../../../core/text.ts';
import type { GuardDetection } from '../decision.ts';

/** A text that may leave, and the way back to the one it was made from. */
export interface Concealed {
  readonly text: string;
  /** A stretch of the original. Whoever touches a replaced value gets all of it. */
  toOriginal(span: Span): Span;
}

interface Replaced extends Span {
  /** Where the label stands. */
  readonly from: number;
  readonly to: number;
}

/** Replaces detections by labels such as `[EMAIL]`. Why no pseudonyms: nothing of what a service answers is restored. */
export function conceal(text: string, detections: readonly GuardDetection[]): Concealed {
  const replaced: Replaced[] = [];
  let out = '';
  let passed = 0;
  for (const { start, end, label } of joined(detections, text.length)) {
    out += text.slice(passed, start);
    replaced.push({ start, end, from: out.length, to: out.length + label.length });
    out += label;
    passed = end;
  }
  out += text.slice(passed);
  const back = (at: number, isEnd: boolean): number => {
    let shift = 0;
    for (const { start, end, from, to } of replaced) {
      if (at < from || (isEnd && at === from)) break;
      if (at < to || (isEnd && at === to)) return isEnd ? end : start;
      shift = end - to;
    }
    return Math.min(text.length, at + shift);
  };
  return { text: out, toOriginal: ({ start, end }) => ({ start: back(start, false), end: back(end, true) }) };
}

/** Spans that overlap become one. */
function joined(detections: readonly GuardDetection[], length: number): readonly (Span & { readonly label: string })[] {
  const out: { start: number; end: number; label: string }[] = [];
  for (const { span, entity } of detections.toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)) {
    const end = Math.min(span.end, length);
    const last = out.at(-1);
    if (span.start >= end) continue;
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, end);
    else out.push({ start: span.start, end, label: `[${entity ?? 'REMOVED'}]` });
  }
  return out;
}
